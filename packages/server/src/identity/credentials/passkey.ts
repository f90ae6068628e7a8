import { ApiError } from '@latchkey/api'
import Type from 'typebox'
import { closedObject } from '../../kernel/config/schema-builders.ts'
import type { CredentialDefinition } from './definition.ts'
import { checkKeys, handleIn, handleText, keyImporter, keysIn, uniqueKeys } from './public_keys.ts'

/** Passkeys, which are always a first factor. They are found by the user handle that their authenticator tells. */
export const passkey = {
  type: 'passkey',
  identifiersFrom: 'config',
  version: 0,
  normalize: (identifier) => identifier,
  trait: {
    schema: closedObject({ display_name: Type.Optional(Type.Boolean()) }),
    use: (marked, text) => (marked.display_name ? { label: text } : undefined),
  },
  identifiersIn(config) {
    const handle = handleIn(config)
    return handle.length > 0 ? [handleText(handle)] : []
  },
  uniqueIn: uniqueKeys,
  countFirstFactors: (credential) =>
    (credential?.identifiers.length ?? 0) > 0 ? keysIn(credential?.config).length : 0,
  authenticatorsIn: (config) => keysIn(config).map(({ id }) => id),
  checkConfig: checkKeys,
  importer: keyImporter('passkey'),
  removal: {
    keepsLastFirstFactor: true,
    /** All passkeys, or the one whose id (in base64) is the identifier. */
    remove(credential, { identifier }) {
      if (!identifier) return undefined
      const id = Buffer.from(identifier, 'base64')
      const keys = keysIn(credential.config)
      const left = keys.filter((key) => !Buffer.from(key.id, 'base64').equals(id))
      if (left.length === keys.length) throw ApiError.notFound({ reason: 'The identity has no such passkey.' })
      return left.length === 0 ? undefined : { ...credential, config: { ...credential.config, credentials: left } }
    },
  },
} as const satisfies CredentialDefinition
