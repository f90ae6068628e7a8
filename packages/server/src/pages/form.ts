import { ApiError } from '@latchkey/api'
import { type Call, csrfViolation } from '../kernel/http/index.ts'

/** The fields of a form on our own pages; throws 403 unless it carries this browser's CSRF token. */
export function readForm(call: Call): URLSearchParams {
  if (call.contentType !== 'application/x-www-form-urlencoded')
    throw ApiError.badRequest({ reason: 'The body must be a form.' })
  const form = new URLSearchParams(call.bodyText)
  if (!call.csrf.accepts(form.get('csrf_token'))) throw csrfViolation(call)
  return form
}
