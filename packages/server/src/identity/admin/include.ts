import { ApiError } from '@latchkey/api'
import { credentialDefinitions } from '../credentials/index.ts'

/** The types whose config may be asked for: those of the list, and those that only flows use. */
const types: readonly string[] = [...credentialDefinitions.map(({ type }) => type), 'link_recovery', 'code_recovery']

/** Checks `include_credential`; an unknown type is a 400. */
export function includedTypes(asked: readonly string[] = []): readonly string[] {
  const unknown = asked.find((type) => !types.includes(type))
  if (unknown !== undefined) {
    throw ApiError.badRequest({ reason: `The parameter include_credential must be one of ${types.join(', ')}.` })
  }
  return asked
}
