import { responseTypesOf } from '../../clients/client.ts'
import { registrationNotSupported, unsupportedResponseType } from '../../errors.ts'
import { type AuthorizationDraft, clientOf, parameter } from '../request.ts'

/** The client uses the response type, in any order of its words (RFC 6749, section 3.1.1). */
export function checkResponseType(draft: AuthorizationDraft): void {
  const types = parameter(draft, 'response_type').split(' ').filter(Boolean)
  if (types.length === 0) throw unsupportedResponseType('The response_type is missing.')
  const isKnown = responseTypesOf(clientOf(draft)).some((known) => isSameSet(known.split(' ').filter(Boolean), types))
  if (!isKnown) throw unsupportedResponseType('The client is not allowed to request this response_type.')
  draft.responseTypes = types
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((word) => right.includes(word))
}

/** OpenID Connect Core 1.0, section 7.2.1, which is not supported. */
export function refuseRegistration(draft: AuthorizationDraft): void {
  if (parameter(draft, 'registration') !== '')
    throw registrationNotSupported('The parameter registration is not supported.')
}
