import { ApiError } from '@latchkey/api'
import Type from 'typebox'
import { normalizeIdentifier } from '../../kernel/address.ts'
import { closedObject } from '../../kernel/config/schema-builders.ts'
import type { Context } from '../../kernel/context.ts'
import { hashPassword, isKnownHash, maxPasswordBytes, normalizePassword } from '../passwords/index.ts'
import type { Config, CredentialDefinition, GivenCredentials } from './definition.ts'

export const password = {
  type: 'password',
  identifiersFrom: 'traits',
  version: 0,
  trait: {
    schema: closedObject({ identifier: Type.Optional(Type.Boolean()) }),
    use: (marked, text) => (marked.identifier ? { identifier: normalizeIdentifier(text) } : undefined),
  },
  countFirstFactors(credential, { password: method }) {
    const { hashed_password: hash, use_password_migration_hook: migrates } = credential?.config ?? {}
    return Number(
      Boolean(hash || (migrates === true && method.config.migrate_hook.enabled)) &&
        (credential?.identifiers.length ?? 0) > 0,
    )
  },
  checkConfig({ hashed_password: hash = '' }, refuse) {
    if (typeof hash !== 'string' || (hash !== '' && !isKnownHash(hash)))
      throw refuse('the password hash has an unsupported format', 'password_hash_not_supported')
  },
  importer: {
    check,
    async prepare(ctx, given) {
      const config = await importedConfig(ctx, given)
      return (credential) => ({ ...credential, config })
    },
  },
  removal: {
    keepsLastFirstFactor: true,
    // The identifiers are kept, because they are derived from the traits.
    remove: (credential) => ({ ...credential, config: {} }),
  },
} as const satisfies CredentialDefinition

function check(ctx: Context, { password: given }: GivenCredentials): void {
  const {
    password: plain = '',
    hashed_password: hash = '',
    use_password_migration_hook: migrates,
  } = given?.config ?? {}
  if (migrates) return
  const longest = maxPasswordBytes(ctx.config.identity.hashers)
  if (Buffer.byteLength(normalizePassword(plain)) > longest) {
    throw ApiError.badRequest({ reason: `A password may have at most ${longest} bytes.` })
  }
  if (!plain && !isKnownHash(hash)) {
    throw ApiError.badRequest({ reason: 'The password hash has an unsupported format.' })
  }
}

/** The password policy does not apply to imports, so that existing users can continue to sign in. */
async function importedConfig(ctx: Context, { password: given }: GivenCredentials): Promise<Config> {
  const { password: plain, hashed_password: hash = '', use_password_migration_hook: migrates } = given?.config ?? {}
  if (migrates) return { use_password_migration_hook: true }
  if (!plain) return { hashed_password: hash }
  return { hashed_password: await hashPassword(ctx, plain, { kind: 'import' }) }
}
