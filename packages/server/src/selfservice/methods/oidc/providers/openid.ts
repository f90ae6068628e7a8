import { ApiError } from '@latchkey/api'
import type { Tree } from '../../../../kernel/config/walk.ts'
import type { ProviderConfig } from '../config.ts'
import { type Claims, claimsFrom } from './claims.ts'
import { discover, type Metadata } from './documents.ts'
import { bearer, requestObject, unusable } from './http.ts'
import { assuranceOf, invalidToken, verifyIdToken } from './id-token.ts'
import { type OAuth2Definition, oauth2 } from './oauth2.ts'
import type { Provider, ProviderCall, Tokens, Vouched } from './provider.ts'

/** What distinguishes one OpenID provider from another. */
export interface OpenIdDefinition
  extends Pick<
    OAuth2Definition,
    | 'check'
    | 'scopes'
    | 'parameters'
    | 'tokenParameters'
    | 'clientSecret'
    | 'verifyIdToken'
    | 'verifyBrowserToken'
    | 'issuerOf'
    | 'mayLackNonce'
  > {
  metadata(at: ProviderCall): Metadata | Promise<Metadata>
  /** Where the claims come from, unless the configuration says so. */
  claimsSource?: 'id_token' | 'userinfo'
  /** Changes the claims of the ID token. */
  refine?(at: ProviderCall, vouched: Vouched, query: URLSearchParams): Vouched | Promise<Vouched>
}

/** A provider of OpenID Connect by its definition. */
export function openid(definition: OpenIdDefinition): Provider {
  const { metadata, claimsSource, refine } = definition
  return oauth2({
    ...definition,
    scopes: (config) => withOpenId(definition.scopes?.(config) ?? config.scope),
    parameters: (at, authorization) => ({
      ...(authorization.isForced && { prompt: 'login' }),
      ...requestedClaims(at.config),
      ...definition.parameters?.(at, authorization),
    }),
    async endpoints(at) {
      const found = await metadata(at)
      return { ...found, ...(found.namesIssuer && { namedIssuer: found.issuer }) }
    },
    async vouch(at, tokens, { query, nonce }) {
      const source = claimsSource ?? at.config.claims_source
      const vouched = await vouchedBy(at, await metadata(at), { tokens, nonce, source })
      return refine ? refine(at, vouched, query) : vouched
    },
  })
}

/** The scopes with the one that asks for an ID token. */
export function withOpenId(scopes: readonly string[]): readonly string[] {
  return scopes.includes('openid') ? scopes : [...scopes, 'openid']
}

function requestedClaims({ requested_claims: claims = {} }: ProviderConfig): Record<string, string> {
  return Object.keys(claims).length > 0 ? { claims: JSON.stringify(claims) } : {}
}

async function vouchedBy(
  at: ProviderCall,
  metadata: Metadata,
  { tokens, nonce, source }: { tokens: Tokens; nonce: string | undefined; source: 'id_token' | 'userinfo' },
): Promise<Vouched> {
  const { client_id: client } = at.config
  if (!tokens.idToken) throw missingIdToken()
  const inToken = await verifyIdToken(at, tokens.idToken, {
    ...metadata,
    ...{ audiences: [client], client },
    ...(nonce !== undefined && { nonce }),
  })
  const own = { tokens, assurance: assuranceOf(inToken) }
  if (source === 'id_token') return { ...own, claims: claimsFrom(inToken), said: { idToken: inToken } }
  const claims = await userinfo(at, metadata, { tokens, inToken })
  return { ...own, claims, said: { idToken: inToken, ...(claims.raw_claims && { userinfo: claims.raw_claims }) } }
}

export function missingIdToken(): ApiError {
  return ApiError.badRequest({
    message: 'The sign-in provider returned no ID token.',
    reason: 'The sign-in provider returned no ID token. Please try again and accept the permission "openid".',
  })
}

/** The userinfo response has to be about the person of the ID token (OpenID Connect Core 1.0, section 5.3.2). */
async function userinfo(
  at: ProviderCall,
  { userinfoUrl, issuer }: Metadata,
  { tokens, inToken }: { tokens: Tokens; inToken: Tree },
): Promise<Claims> {
  if (!userinfoUrl) throw unusable(at, issuer, { reason: 'no userinfo_endpoint' })
  const raw = await requestObject(at, userinfoUrl, { headers: bearer(tokens) })
  if (raw.sub !== inToken.sub) throw ApiError.badRequest({ reason: 'The userinfo response is about somebody else.' })
  const claims = claimsFrom(raw)
  return { ...claims, iss: claims.iss || issuer }
}

/** Verifies an ID token that an app got itself. It may be for one of the additional audiences. */
export async function verifyAppToken(
  at: ProviderCall,
  token: string,
  of: Pick<Metadata, 'issuer' | 'keysUrl'> & { algorithms?: readonly string[] },
): Promise<Vouched> {
  if (token.split('.').length !== 3) throw invalidToken('it cannot be read')
  const { client_id: client, additional_id_token_audiences: others } = at.config
  const raw = await verifyIdToken(at, token, { algorithms: ['RS256'], ...of, audiences: [client, ...others] })
  return { claims: claimsFrom(raw), assurance: assuranceOf(raw) }
}

/** The metadata of the issuer in the configuration, with the endpoints that it names itself. */
export async function configuredMetadata(at: ProviderCall): Promise<Metadata> {
  const { issuer_url: issuer = '', auth_url: authorizationUrl, token_url: tokenUrl } = at.config
  const found = await discover(at, issuer)
  return { ...found, ...(authorizationUrl && { authorizationUrl }), ...(tokenUrl && { tokenUrl }) }
}

/** Verifies an ID token of the issuer in the configuration. */
export async function verifyConfigured(at: ProviderCall, token: string): Promise<Vouched> {
  return verifyAppToken(at, token, await configuredMetadata(at))
}

export function requireIssuerUrl({ issuer_url: issuer }: ProviderConfig): string | undefined {
  return issuer ? undefined : 'an issuer_url'
}
