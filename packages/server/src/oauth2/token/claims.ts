import { createHash } from 'node:crypto'
import type { Context } from '../../kernel/context.ts'
import type { Grant, PersonClaims } from './grant.ts'

/** Claims that additional ones cannot replace. */
const reserved = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'scp', 'ext', 'act']

/** The claims of a JWT access token, as in Hydra. Additional ones are in `ext`, allowed ones at the top as well. */
export function accessTokenClaims(
  { config, random }: Context,
  grant: Grant,
  { issuedAt, expiresAt }: { issuedAt: number; expiresAt: number },
): object {
  const { oauth2, strategies, urls } = config.oauth2
  const { scope_claim: form } = strategies.jwt
  const additional = grant.accessClaims ?? {}
  const allowed = oauth2.allowed_top_level_claims.filter((name) => !reserved.includes(name) && name in additional)
  return {
    ...Object.fromEntries(allowed.map((name) => [name, additional[name]])),
    client_id: grant.clientId,
    ...(oauth2.mirror_top_level_claims && { ext: additional }),
    ...(grant.subject && { sub: grant.subject }),
    iss: urls.self.issuer,
    jti: random.uuid(),
    aud: grant.audience,
    iat: seconds(issuedAt),
    ...(!oauth2.exclude_not_before_claim && { nbf: seconds(issuedAt) }),
    exp: seconds(expiresAt),
    ...(grant.confirmation && { cnf: grant.confirmation }),
    ...(grant.actor && { act: grant.actor }),
    ...(form !== 'string' && { scp: grant.scope }),
    ...(form !== 'list' && { scope: grant.scope.join(' ') }),
  }
}

/** What an ID token says of the tokens that it comes with (OpenID Connect Core 1.0, sections 3.1.3.6 and 3.3.2.11). */
export interface Companions {
  readonly accessToken?: string
  readonly code?: string
  /** The algorithm that signs the ID token. */
  readonly algorithm: string
}

/** The claims of an ID token (OpenID Connect Core 1.0, section 2). Additional ones replace none of the protocol. */
export function idTokenClaims(
  { config, random }: Context,
  { clientId, person }: { clientId: string; person: PersonClaims },
  { issuedAt, expiresAt, companions }: { issuedAt: number; expiresAt: number; companions: Companions },
): object {
  const { accessToken, code, algorithm } = companions
  return {
    ...withoutProtocol(person.claims),
    ...personClaims(person),
    aud: [clientId],
    iss: config.oauth2.urls.self.issuer,
    iat: seconds(issuedAt),
    exp: seconds(expiresAt),
    jti: random.uuid(),
    sid: person.sessionId,
    ...(person.nonce && { nonce: person.nonce }),
    ...(accessToken !== undefined && { at_hash: halfHash(algorithm, accessToken) }),
    ...(code !== undefined && { c_hash: halfHash(algorithm, code) }),
  }
}

/** The claims of the userinfo endpoint: those of an ID token that are not about the token itself. */
export function userinfoClaims({ config }: Context, { clientId, issuedAt, person }: Grant): Record<string, unknown> {
  const claims = {
    aud: [clientId],
    iss: config.oauth2.urls.self.issuer,
    iat: seconds(issuedAt),
  }
  return person ? { ...withoutProtocol(person.claims), ...personClaims(person), ...claims } : claims
}

function personClaims(person: PersonClaims) {
  return {
    sub: person.subject,
    auth_time: person.authTime,
    rat: person.requestedAt,
    ...(person.acr && { acr: person.acr }),
    ...(person.amr?.length && { amr: person.amr }),
  }
}

const protocolClaims = [
  ...['sub', 'iss', 'aud', 'iat', 'exp', 'jti', 'rat', 'auth_time', 'nonce', 'at_hash', 'c_hash', 'acr', 'amr', 'sid'],
]

function withoutProtocol(claims: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !protocolClaims.includes(name)))
}

/** The left half of a hash with the size that belongs to the algorithm. */
function halfHash(algorithm: string, text: string): string {
  const size = /384$/.test(algorithm) ? 'sha384' : /512$|^EdDSA$/.test(algorithm) ? 'sha512' : 'sha256'
  const digest = createHash(size).update(text).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
