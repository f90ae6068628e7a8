import { createPublicKey, type JsonWebKeyInput } from 'node:crypto'
import { ApiError } from '@latchkey/api'
import { clientAlgorithms } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { FetchError } from '../../kernel/fetch.ts'
import { invalidClientMetadata, invalidRedirectUri, invalidRequest } from '../errors.ts'
import { checkCertificateMetadata } from '../mtls/metadata.ts'
import type { ClientMetadata } from './client.ts'
import type { GivenClient } from './parse.ts'
import { parseRequestUri } from './uris.ts'

const minSecretLength = 6
/** As long as the identifier of a client may be; it is part of URLs. */
const maxIdLength = 255

/**
 * Checks the metadata of a client as Hydra does, and fills in what depends on other members and the configuration.
 * @throws invalid_client_metadata or invalid_redirect_uri (RFC 7591, section 3.2.2)
 */
export async function checkClient(ctx: Context, given: GivenClient): Promise<ClientMetadata> {
  const { metadata, secret, id } = given
  if (id.length > maxIdLength) throw invalidClientMetadata(`The client_id may have at most ${maxIdLength} characters.`)
  checkAuthentication(metadata)
  checkRequestDemands(ctx, metadata)
  checkBinding(ctx, metadata)
  checkCertificateMetadata(ctx, metadata)
  checkKeys(metadata)
  checkAddresses(metadata)
  if (secret !== '' && secret.length < minSecretLength)
    throw invalidClientMetadata(`The client_secret must have at least ${minSecretLength} characters.`)
  const origins = (metadata.allowed_cors_origins ?? []).map(checkOrigin)
  if (metadata.sector_identifier_uri) await checkSector(ctx, metadata)
  const userinfoAlgorithm = metadata.userinfo_signed_response_alg || 'none'
  if (!['none', 'RS256'].includes(userinfoAlgorithm))
    throw invalidClientMetadata('The userinfo_signed_response_alg must be none or RS256.')
  const redirects = (metadata.redirect_uris ?? []).map(checkRedirectUri)
  const subjectType = checkSubjectType(ctx, metadata)
  for (const uri of metadata.post_logout_redirect_uris ?? []) checkPostLogoutUri(uri, redirects)
  const strategy = checkStrategy(metadata)
  return {
    ...metadata,
    ...(strategy && { access_token_strategy: strategy }),
    allowed_cors_origins: origins,
    scope: metadata.scope || ctx.config.oauth2.oidc.dynamic_client_registration.default_scope.join(' '),
    subject_type: subjectType,
    token_endpoint_auth_method: metadata.token_endpoint_auth_method || 'client_secret_basic',
    userinfo_signed_response_alg: userinfoAlgorithm,
  }
}

/** What a client that registers itself may not choose. */
export async function checkRegistration(ctx: Context, given: GivenClient): Promise<ClientMetadata> {
  const { metadata } = given
  const hasMetadata = JSON.stringify(metadata.metadata ?? {}) !== '{}'
  if (hasMetadata) throw invalidClientMetadata('A client that registers itself cannot set "metadata".')
  if (metadata.access_token_strategy)
    throw ApiError.badRequest({ reason: 'A client that registers itself cannot choose its access token strategy.' })
  if (metadata.skip_consent) throw invalidRequest('A client that registers itself cannot set "skip_consent".')
  if (metadata.skip_logout_consent)
    throw invalidRequest('A client that registers itself cannot set "skip_logout_consent".')
  return checkClient(ctx, given)
}

/** Secrets are stored as hashes, and a hash verifies no HMAC (decision 0069). */
export const noSecretJwt = 'The method client_secret_jwt is not supported. Use private_key_jwt.'

function checkAuthentication(metadata: ClientMetadata): void {
  if (metadata.token_endpoint_auth_method === 'client_secret_jwt') throw invalidClientMetadata(noSecretJwt)
  if (metadata.token_endpoint_auth_method !== 'private_key_jwt') return
  if (!metadata.jwks_uri && !keysOf(metadata))
    throw invalidClientMetadata('A client with the method private_key_jwt needs jwks or jwks_uri.')
  const algorithm = metadata.token_endpoint_auth_signing_alg
  if (algorithm && !clientAlgorithms.includes(algorithm))
    throw invalidClientMetadata(`The token_endpoint_auth_signing_alg must be one of ${clientAlgorithms.join(', ')}.`)
}

/** What a client demands of its own requests can be kept. */
function checkRequestDemands({ config }: Context, metadata: ClientMetadata): void {
  const { pushed_requests: pushed, request_objects: objects } = config.oauth2.oauth2
  if (metadata.require_pushed_authorization_requests && !pushed.enabled)
    throw invalidClientMetadata('Pushed authorization requests are not enabled, so that a client cannot require them.')
  if (!metadata.require_signed_request_object) return
  if (!objects.enabled)
    throw invalidClientMetadata('Signed request objects are not enabled, so that a client cannot require them.')
  if (!metadata.jwks_uri && !keysOf(metadata))
    throw invalidClientMetadata('A client that signs its requests needs jwks or jwks_uri.')
}

function checkBinding({ config }: Context, metadata: ClientMetadata): void {
  if (metadata.dpop_bound_access_tokens && !config.oauth2.oauth2.dpop.enabled)
    throw invalidClientMetadata('The member dpop_bound_access_tokens has no effect until oauth2.dpop is enabled.')
}

/** The keys of a client; an empty set counts as one. */
export function keysOf({ jwks }: ClientMetadata): readonly object[] | undefined {
  return jwks?.keys
}

function checkKeys(metadata: ClientMetadata): void {
  const keys = keysOf(metadata)
  if (metadata.jwks_uri && keys) throw invalidClientMetadata('A client has either jwks or jwks_uri, not both.')
  for (const key of keys ?? []) {
    if (!isUsableKey(key)) throw ApiError.badRequest({ reason: 'The jwks contain a key that is not valid.' })
  }
}

function isUsableKey(key: object & { kty?: string; k?: string }): boolean {
  if (key.kty === 'oct') return typeof key.k === 'string' && key.k !== ''
  try {
    createPublicKey({ key, format: 'jwk' } as JsonWebKeyInput)
    return true
  } catch {
    return false
  }
}

function checkAddresses(metadata: ClientMetadata): void {
  for (const name of ['tos_uri', 'policy_uri', 'logo_uri', 'client_uri'] as const) {
    const uri = metadata[name]
    if (!uri) continue
    const parsed = parseRequestUri(uri)
    if (!parsed || !['http', 'https'].includes(parsed.scheme))
      throw invalidClientMetadata(`The ${name} must be an http or https URL.`)
  }
}

/** An origin without path, query and fragment. A host may begin with a wildcard. */
function checkOrigin(origin: string): string {
  const [, scheme, rest = ''] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/i.exec(origin) ?? []
  if (!['http', 'https'].includes(scheme?.toLowerCase() ?? ''))
    throw invalidClientMetadata('Each of the allowed_cors_origins must be an http or https origin.')
  if (rest.includes('@')) throw invalidClientMetadata('None of the allowed_cors_origins may contain a user.')
  const host = rest.replace(/\/+$/, '')
  if (/[/?#]/.test(host))
    throw invalidClientMetadata('None of the allowed_cors_origins may have a path, a query or a fragment.')
  return `${scheme}://${host}`
}

function checkRedirectUri(uri: string) {
  if (uri.includes('#')) throw invalidRedirectUri('Redirect URIs may not contain a fragment.')
  const parsed = parseRequestUri(uri)
  if (!parsed) throw invalidRedirectUri('A redirect URI is not a URI.')
  return parsed
}

/** The subject types of the server. Access tokens in JWT format contain the subject, so it cannot be pairwise. */
export function subjectTypes({ config }: Context, { access_token_strategy: own }: ClientMetadata): readonly string[] {
  const { supported_types: types } = config.oauth2.oidc.subject_identifiers
  const strategy = own || config.oauth2.strategies.access_token
  return strategy === 'jwt' ? types.filter((type) => type !== 'pairwise') : types
}

function checkSubjectType(ctx: Context, metadata: ClientMetadata): string {
  const supported = subjectTypes(ctx, metadata)
  const type = metadata.subject_type
  if (!type) return supported.includes('public') ? 'public' : (supported[0] ?? 'public')
  if (!supported.includes(type)) throw invalidClientMetadata(`The subject_type must be one of ${supported.join(', ')}.`)
  return type
}

function checkPostLogoutUri(uri: string, redirects: readonly { scheme: string; host: string; port: string }[]): void {
  const parsed = parseRequestUri(uri)
  if (!parsed) throw invalidClientMetadata('A post_logout_redirect_uri is not a URI.')
  const isKnown = redirects.some(
    ({ scheme, host, port }) => scheme === parsed.scheme && host === parsed.host && port === parsed.port,
  )
  if (!isKnown)
    throw invalidClientMetadata('A post_logout_redirect_uri must have the scheme, host and port of a redirect URI.')
}

function checkStrategy({ access_token_strategy: strategy }: ClientMetadata): string | undefined {
  if (!strategy) return undefined
  const lower = strategy.toLowerCase()
  if (!['jwt', 'opaque'].includes(lower))
    throw invalidClientMetadata('The access_token_strategy must be jwt or opaque.')
  return lower
}

const maxSectorBytes = 1 << 20

/** OpenID Connect Core 1.0, section 8.1: the document lists every redirect URI. */
async function checkSector(ctx: Context, metadata: ClientMetadata): Promise<void> {
  const uri = metadata.sector_identifier_uri ?? ''
  if (parseRequestUri(uri)?.scheme !== 'https')
    throw invalidClientMetadata('The sector_identifier_uri must be an https URL.')
  const listed = await readList(ctx, uri)
  const isMissing = (metadata.redirect_uris ?? []).some((redirect) => !listed.includes(redirect))
  if (listed.length === 0 || isMissing)
    throw invalidClientMetadata('The document at the sector_identifier_uri must list every redirect URI.')
}

async function readList(ctx: Context, uri: string): Promise<readonly unknown[]> {
  try {
    const { status, text } = await ctx.fetch(uri, { maxBytes: maxSectorBytes, timeoutMs: 5_000 })
    const list: unknown = status === 200 ? JSON.parse(text) : undefined
    if (Array.isArray(list)) return list
  } catch (error) {
    if (!(error instanceof FetchError) && !(error instanceof SyntaxError)) throw error
  }
  throw invalidClientMetadata('The document at the sector_identifier_uri could not be read.')
}
