import { ApiError } from '@latchkey/api'
import type { Call } from './call.ts'

/** The 403 of a form whose anti-CSRF token does not belong to the browser's cookie. */
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
      ? 'The request came from a script: check that CORS is set up and that it sends cookies (credentials).'
      : 'The request came from a page or a server: check that the cookies of the flow are sent along.',
  }
  if (!cookies) details.reject_reason = 'The request carried no cookies.'
  else if (!call.csrf.hadCookie) details.reject_reason = 'The request carried cookies, but not the anti-CSRF cookie.'
  else if (!tokenSent) details.hint = 'The anti-CSRF cookie is there, but the form carried no csrf_token.'
  else details.reject_reason = 'The csrf_token does not belong to the anti-CSRF cookie.'
  return ApiError.csrf(details)
}
