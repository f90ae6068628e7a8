import { ApiError, type JsonWebKey, type TrustOAuth2JwtGrantIssuer } from '@latchkey/api'
import { isUniqueViolation } from '../../db/index.ts'
import { record } from '../../event/index.ts'
import { accessTokenKeys, ensureKey, idTokenKeys, parseKey, publicPart } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { insertTrust } from './store.ts'
import type { OAuth2TrustedIssuerRow } from './tables.ts'

const maxLength = 255
const maxScopes = 200

/**
 * Trusts the assertions of an issuer that are signed with a key, for one subject or for any.
 * @throws ApiError 409 if it is trusted already, or another key of the issuer has the same ID.
 */
export async function createTrust(
  ctx: Context,
  given: Partial<TrustOAuth2JwtGrantIssuer>,
): Promise<OAuth2TrustedIssuerRow> {
  // Hydra refuses a malformed key before it looks for missing members.
  const key = await parseTrustedKey(given.jwk)
  const { issuer = '', subject = '', allow_any_subject: any = false, expires_at: expiresAt, scope = [] } = given
  if (issuer === '') throw missingMember('The member issuer is required.')
  if ((subject === '') !== any)
    throw missingMember('Exactly one of the members subject and allow_any_subject is required.')
  if (!expiresAt) throw missingMember('The member expires_at is required.')
  if (!key) throw missingMember('The member jwk must be a JSON Web Key with a kid.')
  requireLimits([issuer, subject, ...scope])
  // Its keys would verify the tokens that are issued here.
  if ([idTokenKeys, accessTokenKeys].includes(issuer)) throw decodingError('This issuer cannot be trusted.')
  const expiryMs = Date.parse(expiresAt)
  if (Number.isNaN(expiryMs)) throw decodingError('The member expires_at is not a time.')
  const row: OAuth2TrustedIssuerRow = {
    id: ctx.random.uuid(),
    issuer,
    key_id: key.kid,
    subject,
    any_subject: any ? 1 : 0,
    scope: JSON.stringify(scope),
    created_at: wholeSeconds(ctx.clock.now()),
    expires_at: wholeSeconds(expiryMs),
  }
  await store(ctx, row, key)
  return row
}

async function store(ctx: Context, row: OAuth2TrustedIssuerRow, key: JsonWebKey): Promise<void> {
  await ctx
    .transaction(async (tx) => {
      await ensureKey(tx, row.issuer, key)
      await insertTrust(tx, row)
      await record(tx, 'OAuth2IssuerTrusted', { OAuth2TrustedIssuerID: row.id })
    })
    .catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error
      throw ApiError.conflict({ message: 'This issuer, subject and key are trusted already.' })
    })
}

/** The public part of a key; undefined without a key ID. Secrets are no proof of an issuer. */
async function parseTrustedKey(given: Partial<JsonWebKey> | undefined): Promise<JsonWebKey | undefined> {
  if (!given?.kid) return undefined
  const key = await parseKey(given).catch((error: unknown) => {
    throw error instanceof ApiError ? decodingError(error.reason ?? error.message) : error
  })
  return publicPart(key) ?? refuseSecret()
}

function refuseSecret(): never {
  throw decodingError('The key must be a public key.')
}

function requireLimits(texts: readonly string[]): void {
  if (texts.length > maxScopes) throw decodingError('There are too many scopes.')
  if (texts.some((text) => text.length > maxLength || text.includes('\0')))
    throw decodingError(`The issuer, the subject and each scope have at most ${maxLength} characters.`)
}

function wholeSeconds(ms: number): number {
  return Math.round(ms / 1000) * 1000
}

function missingMember(reason: string): ApiError {
  return ApiError.badRequest({ id: 'missing_required_parameter', reason })
}

/** As Hydra names what it cannot decode. */
export function decodingError(reason: string): ApiError {
  return ApiError.badRequest({ id: 'error', reason })
}
