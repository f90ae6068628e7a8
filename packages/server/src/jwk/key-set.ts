import type { JsonWebKey } from '@latchkey/api'
import { LRUCache } from 'lru-cache'
import type { Context } from '../kernel/context.ts'
import type { Notifier } from '../kernel/notify.ts'
import { addKeyAt } from './change.ts'
import { generateKey } from './generate.ts'
import { isPrivate, publicPart } from './parse.ts'
import { algorithms, type SigningKey, signingKeyOf } from './signing-key.ts'
import { findKeys, type StoredKey } from './store.ts'
import { type Verifier, verifierOf } from './verify.ts'

/** As in Hydra, whatever the set is for. Another algorithm is used by adding a key of it. */
const usualAlgorithm = 'RS256'
const maxCachedSets = 2000
/** How long a set is used without reading it again, in case the message of a change was lost. */
const maxAgeMs = 60_000
/** The same where messages do not reach all processes. */
const maxAgeAloneMs = 2000
const maxConflicts = 20

/** The keys of a set in the form in which they are used. */
export interface KeySet {
  /** The newest private key. */
  readonly signer: SigningKey
  /** By key ID. */
  readonly verifiers: ReadonlyMap<string, Verifier>
  /** All keys without their private parts, the newest first. */
  readonly publicKeys: readonly JsonWebKey[]
}

interface Cached {
  readonly set: Promise<KeySet>
  readonly readAt: number
}

/**
 * The keys of a set, which has a private key afterwards: it is generated at the first use, once for any number of
 * processes. Cached in the process until the set changes; `isFresh` reads it again.
 */
export function keySet(ctx: Context, name: string, { isFresh = false } = {}): Promise<KeySet> {
  const cache = cacheOf(ctx.notifier)
  const id = cacheKey(ctx.project.id, name)
  const now = ctx.clock.monotonic()
  const cached = isFresh ? undefined : cache.get(id)
  if (cached && now - cached.readAt < (ctx.notifier.reachesAll ? maxAgeMs : maxAgeAloneMs)) return cached.set
  const set = readSet(ctx, name)
  cache.set(id, { set, readAt: now })
  const forget = () => {
    if (cache.get(id)?.set === set) cache.delete(id)
  }
  set.then(({ isUncommitted }) => isUncommitted && forget(), forget)
  return set
}

/** In a transaction that is rolled back, a generated key has never existed. */
interface ReadSet extends KeySet {
  readonly isUncommitted: boolean
}

async function readSet(ctx: Context, name: string): Promise<ReadSet> {
  let generated = false
  for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
    const stored = await findKeys(ctx, name)
    const signer = await signerOf(stored)
    if (signer) return { ...usableSet(signer, stored), isUncommitted: generated && ctx.db.isTransaction }
    const key = await generateKey(ctx.random, { alg: usualAlgorithm })
    await addKeyAt(ctx, name, { key, position: (stored[0]?.position ?? 0) + 1 })
    generated = true
  }
  throw new Error(`the set of keys ${name} is changed by others again and again`)
}

async function signerOf(stored: readonly StoredKey[]): Promise<SigningKey | undefined> {
  const found = stored.find(({ key }) => isPrivate(key) && key.use !== 'enc' && algorithms.has(key.alg))
  return found && signingKeyOf({ ...found.key })
}

function usableSet(signer: SigningKey, stored: readonly StoredKey[]): KeySet {
  const publicKeys = stored.flatMap(({ key }) => publicPart(key) ?? [])
  const verifiers = publicKeys.flatMap((key): [string, Verifier][] => {
    const verifier = verifierOf(key)
    return verifier ? [[key.kid, verifier]] : []
  })
  return { signer, verifiers: new Map(verifiers), publicKeys }
}

const caches = new WeakMap<Notifier, LRUCache<string, Cached>>()

/** One per process and installation. Another process may have changed anything when messages were lost. */
function cacheOf(notifier: Notifier): LRUCache<string, Cached> {
  const known = caches.get(notifier)
  if (known) return known
  const cache = new LRUCache<string, Cached>({ max: maxCachedSets })
  notifier.subscribe('json web keys', (message) => {
    if (message) cache.delete(cacheKey(message.project, message.set))
    else cache.clear()
  })
  caches.set(notifier, cache)
  return cache
}

function cacheKey(projectId: string, name: string): string {
  return `${projectId} ${name}`
}
