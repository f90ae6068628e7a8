import { createHash } from 'node:crypto'
import { ApiError } from '@latchkey/api'
import type { ProviderConfig } from '../config.ts'
import { exchangeCode } from './http.ts'
import type { Authorization, KeptSecrets, Provider, ProviderCall, Tokens, Vouched } from './provider.ts'

export interface Endpoints {
  readonly authorizationUrl: string
  readonly tokenUrl: string
  readonly clientAuth: 'header' | 'body'
  /** Whether PKCE is known to work (RFC 7636). */
  readonly hasPkce?: boolean
  /** Whether the ID token is known to repeat the nonce. */
  readonly returnsNonce?: boolean
  /** The issuer, if the response has to name it (RFC 9207). */
  readonly namedIssuer?: string
}

/** What distinguishes one provider of OAuth 2.0 (RFC 6749) from another. */
export interface OAuth2Definition extends Omit<Provider, 'begin' | 'complete'> {
  endpoints(at: ProviderCall): Endpoints | Promise<Endpoints>
  scopes?(config: ProviderConfig): readonly string[]
  /** Further parameters of the authorization request. */
  parameters?(at: ProviderCall, authorization: Authorization): Readonly<Record<string, string>>
  /** Further parameters of the token request. */
  tokenParameters?: Readonly<Record<string, string>>
  /** The client secret, if it is made anew. */
  clientSecret?(at: ProviderCall): Promise<string>
  /** Gets the tokens in the provider's own way. */
  exchange?(at: ProviderCall, code: string): Promise<Tokens>
  vouch(
    at: ProviderCall,
    tokens: Tokens,
    returned: { query: URLSearchParams; nonce: string | undefined },
  ): Promise<Vouched>
  /** How the scopes that were granted are separated in the token response, if all that were asked for are needed. */
  grantedScopes?: ' ' | ','
}

/** A provider of OAuth 2.0 by its definition. */
export function oauth2(definition: OAuth2Definition): Provider {
  const { check, forcesPkce, verifyIdToken, verifyBrowserToken, issuerOf, mayLackNonce } = definition
  const own = { check, forcesPkce, verifyIdToken, verifyBrowserToken, issuerOf, mayLackNonce }
  return {
    ...(Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as Partial<typeof own>),
    begin: (at, authorization) => begin(definition, at, authorization),
    complete: (at, returned, kept) => complete(definition, at, returned, kept),
  }
}

async function begin(definition: OAuth2Definition, at: ProviderCall, authorization: Authorization) {
  const { ctx, config, redirectUri } = at
  const endpoints = await definition.endpoints(at)
  const usesPkce =
    config.pkce === 'force' ||
    (config.pkce === 'auto' && (endpoints.hasPkce === true || definition.forcesPkce === true))
  const verifier = usesPkce ? ctx.random.token(64) : undefined
  const nonce = endpoints.returnsNonce ? ctx.random.token(32) : undefined
  const scopes = definition.scopes?.(config) ?? config.scope
  const url = new URL(endpoints.authorizationUrl)
  const parameters = {
    response_type: 'code',
    client_id: config.client_id,
    redirect_uri: redirectUri,
    state: authorization.state,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...definition.parameters?.(at, authorization),
    ...authorization.parameters,
    ...(nonce && { nonce }),
    ...(verifier && { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  url.searchParams.sort()
  return { url: url.toString(), kept: { ...(verifier && { verifier }), ...(nonce && { nonce }) } }
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

async function complete(
  definition: OAuth2Definition,
  at: ProviderCall,
  query: URLSearchParams,
  { verifier, nonce }: KeptSecrets,
): Promise<Vouched> {
  // DingTalk calls it authCode.
  const code = query.get('code') || query.get('authCode')
  if (!code) throw ApiError.badRequest({ reason: 'The sign-in provider returned no code.' })
  const endpoints = await definition.endpoints(at)
  requireIssuer(query, endpoints)
  const tokens = definition.exchange
    ? await definition.exchange(at, code)
    : await exchangeCode(at, {
        ...endpoints,
        ...{ code, verifier, parameters: definition.tokenParameters },
        clientSecret: (await definition.clientSecret?.(at)) ?? at.config.client_secret ?? '',
      })
  if (definition.grantedScopes) requireScopes(at, tokens, definition.grantedScopes)
  return definition.vouch(at, tokens, { query, nonce })
}

/** The response of another provider must not be taken for one of this (RFC 9207, section 2.4). */
function requireIssuer(query: URLSearchParams, { namedIssuer }: Endpoints): void {
  if (namedIssuer === undefined || query.get('iss') === namedIssuer) return
  throw ApiError.badRequest({ reason: 'The response is not of the sign-in provider that was asked.' })
}

function requireScopes({ config }: ProviderCall, { response }: Tokens, separator: string): void {
  const granted = String(response.scope ?? '').split(separator)
  if (config.scope.every((scope) => granted.includes(scope))) return
  throw ApiError.badRequest({
    message: 'The sign-in provider did not grant everything that is needed.',
    reason: 'Not all permissions were granted. Please try again and accept all of them.',
  })
}
