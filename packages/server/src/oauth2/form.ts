import type { Call } from '../kernel/http/index.ts'
import { invalidRequest } from './errors.ts'

/** Longer forms are refused, so that decoding them takes no time that matters. */
const maxLength = 128 << 10

/** The parameters of a form (RFC 6749, appendix B). @throws invalid_request for a body that is no form, or empty */
export function requireForm(call: Call): URLSearchParams {
  const form = formOf(call)
  if ([...form.keys()].length === 0) throw invalidRequest('The body must be a form, and not empty.')
  return form
}

/** The parameters of the body; none if it is no form. */
export function formOf(call: Call): URLSearchParams {
  if (call.contentType !== 'application/x-www-form-urlencoded') return new URLSearchParams()
  return decodeForm(call.bodyText)
}

export function decodeForm(text: string): URLSearchParams {
  if (text.length > maxLength) throw invalidRequest(`The parameters are longer than ${maxLength} characters.`)
  if (/%(?![\da-f]{2})/i.test(text)) throw invalidRequest('The parameters are not encoded properly.')
  return new URLSearchParams(text)
}
