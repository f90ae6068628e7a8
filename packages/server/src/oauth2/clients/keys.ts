import type { ApiError } from '@latchkey/api'
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet } from 'jose'
import { LRUCache } from 'lru-cache'
import { clientAlgorithms } from '../../jwk/index.ts'
import { isTree } from '../../kernel/config/walk.ts'
import type { Context } from '../../kernel/context.ts'
import { FetchError } from '../../kernel/fetch.ts'
import { keysOf } from './check.ts'
import type { Client } from './client.ts'

const maxLength = 64 << 10

export interface VerifyOptions {
  readonly refuse: (reason: string) => ApiError
  /** The algorithms that are accepted, if not all asymmetric ones. */
  readonly algorithms?: readonly string[]
  /** Whether `alg: none` is accepted (OpenID Connect Core 1.0, section 6.1). */
  readonly allowUnsigned?: boolean
}

/**
 * The claims of a token that a client signed, with a key of its `jwks` or `jwks_uri`. The claims are not checked.
 * @throws the refusal if it is malformed, or no key of the client verifies it
 */
export async function verifyWithClientKeys(
  ctx: Context,
  client: Client,
  token: string,
  options: VerifyOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const { refuse, algorithms = clientAlgorithms, allowUnsigned = false } = options
  const header = token.length > maxLength ? undefined : headerOf(token)
  if (!header) throw refuse('The token is malformed.')
  if (header.alg === 'none' && allowUnsigned) return unsignedClaims(token, refuse)
  if (!algorithms.includes(String(header.alg)) || !clientAlgorithms.includes(String(header.alg)))
    throw refuse('The token is signed with an algorithm that is not accepted.')
  const verified = await tryKeys(await clientKeys(ctx, client, refuse), token, algorithms)
  // A client that has rotated its keys publishes them at the same address.
  const again =
    verified ??
    (client.metadata.jwks_uri
      ? await tryKeys(await clientKeys(ctx, client, refuse, { isFresh: true }), token, algorithms)
      : undefined)
  if (!again) throw refuse('The signature of the token could not be verified with the keys of the client.')
  return again
}

function headerOf(token: string): { alg?: unknown } | undefined {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return undefined
  }
}

function unsignedClaims(token: string, refuse: VerifyOptions['refuse']): Record<string, unknown> {
  const [, payload = '', signature] = token.split('.')
  const claims = signature === '' ? parse(Buffer.from(payload, 'base64url').toString('utf8')) : undefined
  if (!claims) throw refuse('The token is malformed.')
  return claims
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isTree(value) ? value : undefined
  } catch {
    return undefined
  }
}

async function tryKeys(
  keys: JSONWebKeySet,
  token: string,
  algorithms: readonly string[],
): Promise<Record<string, unknown> | undefined> {
  try {
    const { payload } = await compactVerify(token, createLocalJWKSet(keys), { algorithms: [...algorithms] })
    return parse(Buffer.from(payload).toString('utf8'))
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      for await (const key of error) {
        const found = await compactVerify(token, key, { algorithms: [...algorithms] }).catch(() => undefined)
        if (found) return parse(Buffer.from(found.payload).toString('utf8'))
      }
      return undefined
    }
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

/** Key sets that were fetched, by project and address. */
const fetched = new LRUCache<string, JSONWebKeySet>({ max: 1_000, ttl: 3_600_000 })
/** How long a set is used before it is fetched again for an unknown key. */
const freshMs = 60_000
const fetchedAt = new LRUCache<string, number>({ max: 1_000 })

/** The keys of a client, of its `jwks` or `jwks_uri`. @throws the refusal if there are none */
export async function clientKeys(
  ctx: Context,
  client: Client,
  refuse: VerifyOptions['refuse'],
  { isFresh = false } = {},
): Promise<JSONWebKeySet> {
  const keys = keysOf(client.metadata)
  if (keys) return { keys: keys as JSONWebKeySet['keys'] }
  const address = client.metadata.jwks_uri
  if (!address) throw refuse('The client has no keys.')
  const name = `${ctx.project.id} ${address}`
  const known = fetched.get(name)
  const isRecent = ctx.clock.monotonic() - (fetchedAt.get(name) ?? Number.NEGATIVE_INFINITY) < freshMs
  if (known && (!isFresh || isRecent)) return known
  const set = await fetchKeys(ctx, address)
  if (!set) throw refuse('The keys of the client could not be fetched.')
  fetched.set(name, set)
  fetchedAt.set(name, ctx.clock.monotonic())
  return set
}

async function fetchKeys(ctx: Context, address: string): Promise<JSONWebKeySet | undefined> {
  try {
    const { status, text } = await ctx.fetch(address, { timeoutMs: 5_000, maxBytes: 1 << 18 })
    const value = status === 200 ? parse(text) : undefined
    return Array.isArray(value?.keys) ? (value as unknown as JSONWebKeySet) : undefined
  } catch (error) {
    if (error instanceof FetchError) return undefined
    throw error
  }
}
