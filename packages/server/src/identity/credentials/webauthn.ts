import Type from 'typebox'
import { normalizeIdentifier } from '../../kernel/address.ts'
import { closedObject } from '../../kernel/config/schema-builders.ts'
import type { Credential } from '../record.ts'
import type { Combined, Config, CredentialDefinition } from './definition.ts'
import { checkKeys, handleKind, keyImporter, keysIn, mostKeys, type PublicKey, uniqueKeys } from './public_keys.ts'

/** Security keys: a first factor if registered for passwordless sign-in, otherwise a second factor. */
export const webauthn = {
  type: 'webauthn',
  identifiersFrom: 'traits',
  version: 1,
  versionWhenCreated: 0,
  emptyConfig: (identityId) => ({ user_handle: handleOfIdentity(identityId) }),
  upgradeConfig({ config }, identityId) {
    const keys = keysIn(config).map((key) => ({ ...key, is_passwordless: key.is_passwordless ?? false }))
    return {
      ...config,
      user_handle: config.user_handle || handleOfIdentity(identityId),
      ...(keys.length > 0 && { credentials: keys }),
    }
  },
  trait: {
    schema: closedObject({ identifier: Type.Optional(Type.Boolean()) }),
    use: (marked, text) => (marked.identifier ? { identifier: normalizeIdentifier(text) } : undefined),
  },
  uniqueIn: (config) => [...uniqueKeys(config), ...handleOfPasswordless(config)],
  // Without an identifier, nobody could sign in with them.
  countFirstFactors: (credential) =>
    (credential?.identifiers.length ?? 0) > 0 ? passwordlessKeys(credential?.config).length : 0,
  isSecondFactor: (config) => keysIn(config).some((key) => key.is_passwordless !== true),
  isEnabledSecondFactor: ({ webauthn: method }) => method.enabled,
  authenticatorsIn: (config) => keysIn(config).map(({ id }) => id),
  checkConfig: checkKeys,
  importer: keyImporter('webauthn'),
  combine,
  removal: {
    keepsLastFirstFactor: false,
    remove(credential: Credential) {
      const keys = passwordlessKeys(credential.config)
      return keys.length === 0 ? undefined : { ...credential, config: { ...credential.config, credentials: keys } }
    },
  },
} as const satisfies CredentialDefinition

/**
 * Adds the keys of an identity that is merged. Keys for passwordless sign-in are found by the user handle, of which an
 * identity has one, so only second factors can be added.
 */
function combine(into: Credential, from: Credential): Combined {
  const added = keysIn(from.config).filter((key) => key.is_passwordless !== true)
  const keys = [...keysIn(into.config), ...added]
  if (keys.length > mostKeys) return { credential: into, conflict: `An identity may have at most ${mostKeys} keys.` }
  const credential = { ...into, config: { ...into.config, credentials: keys } }
  if (passwordlessKeys(from.config).length === 0) return { credential }
  return { credential, conflict: 'Keys for passwordless sign-in belong to the user handle of the merged identity.' }
}

/** The user handle consists of the bytes of the identity's ID (WebAuthn, section 14.6.1). */
function handleOfIdentity(identityId: string): string {
  return Buffer.from(identityId.replaceAll('-', ''), 'hex').toString('base64')
}

/** A security key that was registered as a first factor can be used like a passkey, which is found by its handle. */
function handleOfPasswordless(config: Config): { kind: string; value: string }[] {
  const { user_handle: handle } = config
  if (typeof handle !== 'string' || passwordlessKeys(config).length === 0) return []
  return [{ kind: handleKind, value: handle }]
}

function passwordlessKeys(config: Config | undefined): PublicKey[] {
  return keysIn(config).filter((key) => key.is_passwordless === true)
}
