import { ApiError, type CreateIdentityBody } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { HashingBusyError, hashPassword, isKnownHash, maxPasswordBytes } from '../passwords/index.ts'
import type { Credential, Identity } from '../record.ts'

export type GivenCredentials = CreateIdentityBody['credentials']

/** What can be imported; the contract knows more types, which Ory's cloud imports. */
const importable = ['password', 'oidc', 'saml']

/** Refuses with 400 what cannot be imported; `importable` passwords are the given ones or known hashes. */
export function checkImport(ctx: Context, given: GivenCredentials): void {
  if (!given) return
  const unknown = Object.entries(given).find(([type, value]) => value && !importable.includes(type))
  if (unknown) throw ApiError.badRequest({ message: `Credentials of the type ${unknown[0]} cannot be imported.` })
  const password = given.password && (given.password.config ?? {})
  if (password && !password.use_password_migration_hook) {
    const most = maxPasswordBytes(ctx.config.identity.hashers)
    if (Buffer.byteLength(password.password ?? '') > most) {
      throw ApiError.badRequest({ reason: `A password may have at most ${most} bytes.` })
    }
    if (!password.password && !isKnownHash(password.hashed_password ?? '')) {
      throw ApiError.badRequest({ reason: 'The password hash is of no format that is known.' })
    }
  }
  for (const { provider, subject } of [...providersOf(given.oidc), ...providersOf(given.saml)]) {
    if (`${provider}${subject}`.includes('\0'))
      throw ApiError.badRequest({ reason: 'A provider or subject holds the character NUL.' })
  }
}

/** Credentials that are ready to be put into an identity. */
export interface PreparedImport {
  password?: Record<string, unknown>
  oidc?: Provider[]
  saml?: Provider[]
}

interface Provider {
  provider: string
  subject: string
  organization?: string
  use_auto_link?: boolean
}

/** Hashes a plain password; no policy holds for it, since people must be able to go on signing in. */
export async function prepareImport(ctx: Context, given: GivenCredentials): Promise<PreparedImport> {
  checkImport(ctx, given)
  if (!given) return {}
  return {
    ...(given.password && { password: await passwordConfig(ctx, given.password.config ?? {}) }),
    ...(given.oidc && { oidc: providersOf(given.oidc) }),
    ...(given.saml && { saml: providersOf(given.saml) }),
  }
}

async function passwordConfig(
  ctx: Context,
  config: NonNullable<NonNullable<GivenCredentials>['password']>['config'] & {},
) {
  if (config.use_password_migration_hook) return { use_password_migration_hook: true }
  if (!config.password) return { hashed_password: config.hashed_password ?? '' }
  const { hashers, dev } = ctx.config.identity
  try {
    return { hashed_password: await hashPassword(config.password, hashers, { development: dev }) }
  } catch (error) {
    if (!(error instanceof HashingBusyError)) throw error
    throw ApiError.unavailable({ headers: { 'retry-after': String(error.retryAfterSeconds) } })
  }
}

function providersOf(given: NonNullable<GivenCredentials>['oidc'] | NonNullable<GivenCredentials>['saml']): Provider[] {
  return (given?.config?.providers ?? []).map((one) => ({
    // A null in the list is an empty connection, as in Go.
    subject: one?.subject ?? '',
    provider: one?.provider ?? '',
    ...(one?.organization && { organization: one.organization }),
    ...(one && 'use_auto_link' in one && one.use_auto_link === true && { use_auto_link: true }),
  }))
}

/** Credentials with what was imported: a password takes the place of the old one, connections join those that are there. */
export function withImport(
  ctx: Context,
  before: Identity['credentials'],
  prepared: PreparedImport,
): Identity['credentials'] {
  const now = timestamp(ctx.clock.now())
  const after = { ...before }
  const { password, oidc, saml } = prepared
  if (password) after.password = { ...(before.password ?? fresh('password', now)), config: password, updated_at: now }
  if (oidc) after.oidc = connected(before.oidc ?? fresh('oidc', now), oidc, now)
  if (saml) after.saml = connected(before.saml ?? fresh('saml', now), saml, now)
  return after
}

function connected(credential: Credential, added: readonly Provider[], now: string): Credential {
  const before = Array.isArray(credential.config.providers) ? (credential.config.providers as Provider[]) : []
  const providers = [...before, ...added]
  const identifiers = providers.map(connectionId)
  if (new Set(identifiers).size < identifiers.length) {
    throw ApiError.conflict({ reason: 'The same connection is named more than once.' })
  }
  return { ...credential, identifiers, config: { ...credential.config, providers }, updated_at: now }
}

/** How a connection to a provider is told from others, as with Kratos. */
export function connectionId({ provider, subject }: Pick<Provider, 'provider' | 'subject'>): string {
  return `${provider}:${subject}`
}

function fresh(type: Credential['type'], now: string): Credential {
  return { type, identifiers: [], config: {}, version: 0, created_at: now, updated_at: now }
}
