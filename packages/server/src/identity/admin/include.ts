import { ApiError } from '@latchkey/api'
import { credentialDefinitions } from '../credentials/index.ts'

/** The credential types accepted by `include_credential`, including those that only flows use. */
const types: readonly string[] = [...credentialDefinitions.map(({ type }) => type), 'link_recovery', 'code_recovery']

/** Validates `include_credential`; throws 400 for an unknown type. */
export function includedTypes(asked: readonly string[] = []): readonly string[] {
  const unknown = asked.find((type) => !types.includes(type))
  if (unknown !== undefined) {
    throw ApiError.badRequest({ reason: `The parameter include_credential must be one of ${types.join(', ')}.` })
  }
  return asked
}
