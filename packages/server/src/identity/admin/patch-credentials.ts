import { ApiError } from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { isKnownHash } from '../passwords/index.ts'
import type { Credential, CredentialType, Identity } from '../record.ts'
import { connectionId } from './import.ts'

const types: readonly CredentialType[] = [
  'password',
  'code',
  'oidc',
  'saml',
  'totp',
  'lookup_secret',
  'webauthn',
  'passkey',
]
const refuse = (what: string) => ApiError.badRequest({ reason: `The patch cannot be applied: ${what}.` })

/** Credentials as a JSON Patch left them. Their identifiers follow from the traits or from the connections. */
export function patchedCredentials(
  ctx: Context,
  before: Identity['credentials'],
  given: Record<string, unknown>,
): Identity['credentials'] {
  const after: Identity['credentials'] = {}
  for (const [type, value] of Object.entries(given)) {
    const known = types.find((one) => one === type)
    if (!known || typeof value !== 'object' || value === null)
      throw refuse(`there are no credentials of the type ${type.slice(0, 50)}`)
    after[known] = patchedCredential(ctx, known, { before: before[known], given: value as Record<string, unknown> })
  }
  return after
}

function patchedCredential(
  ctx: Context,
  type: CredentialType,
  { before, given }: { before: Credential | undefined; given: Record<string, unknown> },
): Credential {
  if (before && JSON.stringify(before) === JSON.stringify(given)) return before
  const now = timestamp(ctx.clock.now())
  const config = given.config ?? {}
  if (typeof config !== 'object' || Array.isArray(config)) throw refuse(`the config of ${type} is no object`)
  const inside = config as Record<string, unknown>
  if (type === 'password') checkPassword(inside)
  const known: Credential = before ?? {
    type,
    identifiers: [],
    config: {},
    version: 0,
    created_at: now,
    updated_at: now,
  }
  return { ...known, identifiers: identifiersIn(type, inside, known), config: inside, updated_at: now }
}

function checkPassword({ hashed_password: hash = '' }: Record<string, unknown>): void {
  if (typeof hash !== 'string' || (hash !== '' && !isKnownHash(hash)))
    throw refuse('the password hash is of no format that is known')
}

function identifiersIn(type: CredentialType, config: Record<string, unknown>, { identifiers }: Credential): string[] {
  if (type !== 'oidc' && type !== 'saml') return identifiers
  if (config.providers !== undefined && !Array.isArray(config.providers)) throw refuse('the providers are no list')
  return ((config.providers ?? []) as unknown[]).map((one) => {
    const { provider, subject } = (one ?? {}) as Record<string, unknown>
    if (typeof provider !== 'string' || typeof subject !== 'string' || `${provider}${subject}`.includes('\0')) {
      throw refuse('a connection has a provider and a subject, both texts')
    }
    return connectionId({ provider, subject })
  })
}
