import { ApiError } from '@latchkey/api'
import { hasMoreValues, parseJson } from '../../kernel/http/index.ts'

/** An answer of an authenticator, as `PublicKeyCredential.toJSON()` writes it. */
export interface AuthenticatorResponse {
  /** In base64url without padding. */
  id: string
  /** Members in base64url without padding. */
  response: Record<string, string>
  transports: string[]
}

/** Certificates of attestation statements are the largest part of an answer. */
const longestResponse = 16 * 1024
const mostValues = 200
const transports = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal', 'cable']

/**
 * Parses an answer that a page sent as the text of its JSON. Only the members that are verified later are read; those
 * must be base64url. Throws 400 for anything else.
 */
export function parseResponse(
  text: string,
  members: { required: string[]; optional?: string[] },
): AuthenticatorResponse {
  if (text.length > longestResponse) throw unreadable(`it has more than ${longestResponse} characters`)
  if (hasMoreValues(text, mostValues)) throw unreadable(`it has more than ${mostValues} values`)
  const json = objectOf(
    parseJson(text, () => unreadable('it is not valid JSON')),
    'it is not an object',
  )
  if (json.type !== 'public-key') throw unreadable('its type is not public-key')
  const id = base64url(json.id, 'id')
  if (json.rawId !== undefined && base64url(json.rawId, 'rawId') !== id) throw unreadable('its id and rawId differ')
  const given = objectOf(json.response, 'its response is missing')
  const response: Record<string, string> = {}
  for (const name of members.required) response[name] = base64url(given[name], name)
  for (const name of members.optional ?? []) {
    if (given[name] !== undefined && given[name] !== null && given[name] !== '')
      response[name] = base64url(given[name], name)
  }
  const told = Array.isArray(given.transports) ? given.transports : []
  return { id, response, transports: transports.filter((one) => told.includes(one)) }
}

/** The error for an answer that cannot be read; `why` completes a sentence. */
export function unreadable(why: string): ApiError {
  return ApiError.badRequest({ reason: `The answer of the authenticator cannot be read: ${why}.` })
}

function objectOf(value: unknown, why: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(why)
  return value as Record<string, unknown>
}

function base64url(value: unknown, name: string): string {
  const text = typeof value === 'string' ? value.replace(/={1,2}$/, '') : ''
  // One character more than a multiple of four encodes no byte.
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) throw unreadable(`its ${name} is not base64url`)
  return text
}
