import { ApiError } from '@latchkey/api'
import type { Call } from './call.ts'

/** The 403 error of a form whose anti-CSRF token does not match the cookie. */
export function csrfViolation(call: Call): ApiError {
  const mode = call.header('sec-fetch-mode')
  const fromScript = mode === 'cors' || mode === 'same-origin'
  const cookies = call.header('cookie')
  const tokenSent =
    call.contentType === 'application/json' ||
    /csrf_token=./.test(call.bodyText) ||
    Boolean(call.header('x-csrf-token'))
  const details: Record<string, string> = {
    docs: 'https://www.ory.sh/kratos/docs/debug/csrf',
    hint: fromScript
      ? 'The request was sent by a script: check that CORS is configured and that the request includes credentials (cookies).'
      : 'The request was sent by a page or a server: check that it includes the cookies of the flow.',
  }
  if (!cookies) details.reject_reason = 'The request contained no cookies.'
  else if (!call.csrf.hadCookie) details.reject_reason = 'The request contained cookies, but not the anti-CSRF cookie.'
  else if (!tokenSent)
    details.hint = 'The request contained the anti-CSRF cookie, but the form contained no csrf_token.'
  else details.reject_reason = 'The csrf_token does not match the anti-CSRF cookie.'
  return ApiError.csrf(details)
}
