import Type from 'typebox'
import { normalizeIdentifier } from '../../kernel/address.ts'
import { closedObject } from '../../kernel/config/schema-builders.ts'
import type { Credential } from '../record.ts'
import { type Config, type CredentialDefinition, listIn } from './definition.ts'

/** Security keys: a first factor if registered for passwordless sign-in, otherwise a second factor. */
export const webauthn = {
  type: 'webauthn',
  identifiersFrom: 'traits',
  version: 1,
  versionWhenCreated: 0,
  // The user handle consists of the bytes of the identity's ID (WebAuthn, section 14.6.1).
  emptyConfig: (identityId) => ({
    user_handle: Buffer.from(identityId.replaceAll('-', ''), 'hex').toString('base64'),
  }),
  trait: {
    schema: closedObject({ identifier: Type.Optional(Type.Boolean()) }),
    use: (marked, text) => (marked.identifier ? { identifier: normalizeIdentifier(text) } : undefined),
  },
  countFirstFactors: (credential) => passwordlessKeys(credential?.config).length,
  isSecondFactor: (config) => listIn(config, 'credentials').some((key) => key.is_passwordless !== true),
  isEnabledSecondFactor: ({ webauthn: method }) => method.enabled,
  removal: {
    keepsLastFirstFactor: false,
    remove(credential: Credential) {
      const keys = passwordlessKeys(credential.config)
      return keys.length === 0 ? undefined : { ...credential, config: { ...credential.config, credentials: keys } }
    },
  },
} as const satisfies CredentialDefinition

function passwordlessKeys(config: Config | undefined): Config[] {
  return listIn(config, 'credentials').filter((key) => key.is_passwordless === true)
}
