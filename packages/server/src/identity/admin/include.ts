import { ApiError } from '@latchkey/api'

/** The types whose inside may be asked for. */
const types = [
  'password',
  'oidc',
  'saml',
  'totp',
  'lookup_secret',
  'webauthn',
  'code',
  'passkey',
  'link_recovery',
  'code_recovery',
]

/** Reads `include_credential`; another type than those known is a 400. */
export function includedTypes(asked: readonly string[] = []): readonly string[] {
  const unknown = asked.find((type) => !types.includes(type))
  if (unknown !== undefined) {
    throw ApiError.badRequest({ reason: `The parameter include_credential must be one of ${types.join(', ')}.` })
  }
  return asked
}
