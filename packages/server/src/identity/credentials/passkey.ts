import Type from 'typebox'
import { closedObject } from '../../kernel/config/schema-builders.ts'
import { type CredentialDefinition, listIn } from './definition.ts'

/** Passkeys, which are always a first factor. */
export const passkey = {
  type: 'passkey',
  identifiersFrom: 'config',
  version: 0,
  trait: {
    schema: closedObject({ display_name: Type.Optional(Type.Boolean()) }),
    use: (marked, text) => (marked.display_name ? { label: text } : undefined),
  },
  countFirstFactors: (credential) => listIn(credential?.config, 'credentials').length,
} as const satisfies CredentialDefinition
