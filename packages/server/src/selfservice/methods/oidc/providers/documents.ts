import { LRUCache } from 'lru-cache'
import type { Tree } from '../../../../kernel/config/walk.ts'
import { requestObject, unusable } from './http.ts'
import type { ProviderCall } from './provider.ts'

const maxAgeMs = 3_600_000
/** Documents that are read again before they are old, per minute, because a signature does not fit. */
const refreshesPerMinute = 10

interface Entry {
  readonly document: Promise<Tree>
  readonly fetchedAt: number
  /** When it was read again lately. */
  readonly refreshes: readonly number[]
}

const cache = new LRUCache<string, Entry>({ max: 1000 })

/** A JSON document of a provider. It is kept for an hour; simultaneous readers share one request. */
export function cachedDocument(at: ProviderCall, url: string): Promise<Tree> {
  const known = cache.get(keyOf(at, url))
  const isFresh = known && at.ctx.clock.monotonic() - known.fetchedAt < maxAgeMs
  return isFresh ? known.document : load(at, url, [])
}

/**
 * Reads a document again that does not fit any more. Returns undefined if that has happened too often, so that forged
 * tokens do not lead to requests without limit.
 */
export function refreshedDocument(at: ProviderCall, url: string): Promise<Tree> | undefined {
  const now = at.ctx.clock.monotonic()
  const recent = (cache.get(keyOf(at, url))?.refreshes ?? []).filter((time) => now - time < 60_000)
  return recent.length >= refreshesPerMinute ? undefined : load(at, url, [...recent, now])
}

function load(at: ProviderCall, url: string, refreshes: readonly number[]): Promise<Tree> {
  const key = keyOf(at, url)
  const document = requestObject(at, url)
  cache.set(key, { document, fetchedAt: at.ctx.clock.monotonic(), refreshes })
  document.catch(() => {
    if (cache.peek(key)?.document === document) cache.delete(key)
  })
  return document
}

/** Projects share nothing: each has its own rules for outgoing requests. */
function keyOf({ ctx }: ProviderCall, url: string): string {
  return `${ctx.project.id} ${url}`
}

/** The metadata of an OpenID provider (OpenID Connect Discovery 1.0, section 3), as far as it is used. */
export interface Metadata {
  readonly issuer: string
  readonly authorizationUrl: string
  readonly tokenUrl: string
  readonly keysUrl: string
  readonly userinfoUrl: string | undefined
  readonly algorithms: readonly string[]
  readonly hasPkce: boolean
  readonly clientAuth: 'header' | 'body'
  /** Whether the provider names itself in its response (RFC 9207). */
  readonly namesIssuer: boolean
  readonly returnsNonce: boolean
}

/** Reads the metadata of an issuer. Throws 502 if they are of another issuer, or if an endpoint is less safe than it. */
export async function discover(at: ProviderCall, issuer: string): Promise<Metadata> {
  const place = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const found = await cachedDocument(at, place)
  if (found.issuer !== issuer) throw unusable(at, place, { reason: 'metadata of another issuer' })
  const endpoint = (name: string): string | undefined => {
    const url = found[name]
    if (typeof url !== 'string' || !URL.canParse(url)) return undefined
    const isSafe = new URL(url).protocol === 'https:' || new URL(issuer).protocol === 'http:'
    if (!isSafe) throw unusable(at, place, { reason: `${name} is not https` })
    return url
  }
  const requireEndpoint = (name: string): string => {
    const url = endpoint(name)
    if (url === undefined) throw unusable(at, place, { reason: `no ${name}` })
    return url
  }
  const words = (name: string): string[] | undefined => {
    const list = found[name]
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : undefined
  }
  const authMethods = words('token_endpoint_auth_methods_supported') ?? ['client_secret_basic']
  return {
    issuer,
    authorizationUrl: requireEndpoint('authorization_endpoint'),
    tokenUrl: requireEndpoint('token_endpoint'),
    keysUrl: requireEndpoint('jwks_uri'),
    userinfoUrl: endpoint('userinfo_endpoint'),
    algorithms: words('id_token_signing_alg_values_supported') ?? ['RS256'],
    hasPkce: words('code_challenge_methods_supported')?.includes('S256') ?? false,
    clientAuth: authMethods.includes('client_secret_basic') ? 'header' : 'body',
    namesIssuer: found.authorization_response_iss_parameter_supported === true,
    returnsNonce: words('claims_supported')?.includes('nonce') ?? false,
  }
}
