import type { ApiError } from '@latchkey/api'
import { findKeys, headerOf, unverifiedClaims, verifierOf, verifyWith } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { invalidGrant, invalidRequest, invalidScope, knownJwtId } from '../errors.ts'
import { includesScope } from '../scopes.ts'
import { spendJwtId } from '../token/store.ts'
import { trustFor } from './store.ts'

type Claims = Readonly<Record<string, unknown>>

/** What a trusted issuer asserts. */
export interface Assertion {
  readonly subject: string
  readonly audience: readonly string[]
}

/**
 * Redeems an assertion of a trusted issuer (RFC 7523, section 3). Of any number of simultaneous uses, exactly one
 * succeeds.
 * @throws invalid_request, invalid_grant, invalid_scope or jti_known
 */
export async function requireAssertion(
  ctx: Context,
  assertion: string,
  requestedScope: readonly string[],
): Promise<Assertion> {
  if (assertion === '') throw invalidRequest('The parameter assertion is missing.')
  const { claims, scope, issuer, subject } = await verifyAssertion(ctx, assertion)
  const audience = requireAudience(ctx, claims)
  const expiresAt = requireTimes(ctx, claims)
  const jti = requireJwtId(ctx, claims)
  const refused = requestedScope.find((one) => !includesScope(ctx, scope, one))
  if (refused !== undefined)
    throw invalidScope(`The issuer of the assertion is not trusted for the scope "${refused.slice(0, 100)}".`)
  if (jti !== undefined) {
    const hash = tokenHash(JSON.stringify(['assertion', issuer, jti]))
    if (!(await spendJwtId(ctx, hash, expiresAt))) throw knownJwtId('The assertion was used before.')
  }
  return { subject, audience }
}

async function verifyAssertion(ctx: Context, assertion: string) {
  const [header, unverified] = [headerOf(assertion), unverifiedClaims(assertion)]
  if (!header || !unverified) throw invalidGrant('The assertion is malformed.')
  const issuer = requireText(unverified, 'iss')
  const subject = requireText(unverified, 'sub')
  const { kid } = header
  const trusted = await trustFor(ctx, { issuer, subject, kid: typeof kid === 'string' && kid !== '' ? kid : undefined })
  const keys = trusted.length > 0 ? await findKeys(ctx, issuer) : []
  for (const { key_id: id, scope } of trusted) {
    const key = keys.find((one) => one.key.kid === id)?.key
    const verifier = key && verifierOf(key)
    const verified = verifier && (await verifyWith(verifier, assertion))
    if (verified) return { claims: verified.claims, scope: JSON.parse(scope) as string[], issuer, subject }
  }
  throw invalidGrant('The assertion is not signed with a key that is trusted for its issuer and subject.')
}

function requireText(claims: Claims, name: string): string {
  const value = claims[name]
  if (typeof value === 'string' && value !== '') return value
  throw missingClaim(name)
}

/** All audiences of the assertion, one of which must be the token endpoint. */
function requireAudience({ config }: Context, { aud }: Claims): string[] {
  const audience = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === 'string')
  const { urls, webfinger } = config.oauth2
  const endpoint = `${urls.self.public.replace(/\/+$/, '')}/oauth2/token`
  if (audience.includes(endpoint) || audience.includes(webfinger.oidc_discovery.token_url)) return audience
  throw invalidGrant('The audience (aud) of the assertion must be the token endpoint.')
}

/** Returns when the assertion expires, in milliseconds. An issue date in the future does not prolong it. */
function requireTimes({ clock, config }: Context, { exp, nbf, iat }: Claims): number {
  const now = clock.now()
  const { iat_optional: isIatOptional, max_ttl: maxTtl } = config.oauth2.oauth2.grant.jwt
  if (typeof exp !== 'number') throw missingClaim('exp')
  if (exp * 1000 <= now) throw invalidGrant('The assertion has expired.')
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1000 <= now))
    throw invalidGrant('The assertion is not valid yet.')
  if (typeof iat !== 'number' && !(isIatOptional && iat === undefined)) throw missingClaim('iat')
  const issuedAt = typeof iat === 'number' ? Math.min(iat * 1000, now) : now
  if (exp * 1000 - issuedAt > maxTtl) throw invalidGrant('The assertion is valid for too long.')
  return Math.ceil(exp * 1000)
}

function requireJwtId({ config }: Context, { jti }: Claims): string | undefined {
  if (typeof jti === 'string' && jti !== '') return jti
  if (jti === undefined && config.oauth2.oauth2.grant.jwt.jti_optional) return undefined
  throw missingClaim('jti')
}

function missingClaim(claim: string): ApiError {
  return invalidGrant(`The assertion must have the claim "${claim}".`)
}
