import { ApiError, type JsonWebKey } from '@latchkey/api'
import { isUniqueViolation } from '../db/index.ts'
import { record } from '../event/index.ts'
import type { Context } from '../kernel/context.ts'
import { generateKey, type WantedKey } from './generate.ts'
import { isSameKey, parseKey, requireName } from './parse.ts'
import { deleteKeys, extentOf, findKey, insertKey, type StoredKey } from './store.ts'

declare module '../kernel/notify.ts' {
  interface Topics {
    /** The keys of a set were changed. */
    'json web keys': { project: string; set: string }
  }
}

const maxKeys = 100
/** Each conflict means that another key was added to the set at the same time. */
const maxConflicts = 100

/**
 * Generates a key and makes it the newest one of its set.
 * @throws ApiError 409 if the set has a key with this ID.
 */
export async function createKey(ctx: Context, set: string, wanted: WantedKey): Promise<JsonWebKey> {
  requireName('The name of the set', set)
  if (wanted.kid) requireName('The key ID (kid)', wanted.kid)
  const key = await generateKey(ctx.random, wanted)
  await change(ctx, set, (tx) => addNewest(tx, set, key))
  return key
}

/** Creates a key with the ID of the path, or replaces it. Then it is the newest key of its set. */
export async function setKey(
  ctx: Context,
  { set, kid }: { set: string; kid: string },
  given: Partial<JsonWebKey>,
): Promise<JsonWebKey> {
  requireName('The name of the set', set)
  if (given.kid && given.kid !== kid)
    throw ApiError.badRequest({ reason: 'The key ID (kid) of the body is not that of the path.' })
  const key = await parseKey({ ...given, kid })
  await change(ctx, set, async (tx) => {
    await deleteKeys(tx, set, kid)
    return addNewest(tx, set, key)
  })
  return key
}

/** Replaces all keys of a set. The first one counts as the newest. */
export async function setKeys(
  ctx: Context,
  set: string,
  given: readonly (Partial<JsonWebKey> | null)[],
): Promise<JsonWebKey[]> {
  requireName('The name of the set', set)
  if (given.length > maxKeys) throw tooMany()
  const keys: JsonWebKey[] = []
  for (const one of given) keys.push(await parseKey(one ?? {}))
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) throw duplicate()
  await change(ctx, set, async (tx) => {
    await deleteKeys(tx, set)
    let position = keys.length
    for (const key of keys) {
      if (!(await insertKey(tx, set, { key, position: position-- }))) throw concurrent()
    }
    return true
  })
  return keys
}

/** Adds a generated key at a position, unless another key was added there at the same time. */
export async function addKeyAt(ctx: Context, set: string, { key, position }: StoredKey): Promise<void> {
  await change(ctx, set, (tx) => insertKey(tx, set, { key, position }))
}

/**
 * Makes a public key a member of a set, without becoming its newest key if it is one already.
 * @throws ApiError 409 if the set has another key with this ID.
 */
export async function ensureKey(ctx: Context, set: string, key: JsonWebKey): Promise<void> {
  requireName('The name of the set', set)
  const known = await findKey(ctx, set, key.kid)
  if (!known) await change(ctx, set, (tx) => addNewest(tx, set, key))
  else if (!isSameKey(known, key)) throw duplicate()
}

/** Deletes a set, or one of its keys. What does not exist counts as deleted. */
export async function removeKeys(ctx: Context, set: string, kid?: string): Promise<void> {
  await change(ctx, set, async (tx) => (await deleteKeys(tx, set, kid)) > 0)
}

/**
 * Runs a change of a set, which tells whether it changed anything. Then its event is recorded, and all processes are told
 * after the commit.
 */
async function change(ctx: Context, set: string, run: (tx: Context) => Promise<boolean>): Promise<void> {
  await ctx
    .transaction(async (tx) => {
      if (!(await run(tx))) return
      await record(tx, 'JsonWebKeySetChanged', { JsonWebKeySet: set })
      tx.afterCommit(() => tx.notifier.publish('json web keys', { project: tx.project.id, set }))
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? duplicate() : error
    })
}

async function addNewest(tx: Context, set: string, key: JsonWebKey): Promise<true> {
  for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
    const { count, newest } = await extentOf(tx, set)
    if (count >= maxKeys) throw tooMany()
    if (await insertKey(tx, set, { key, position: newest + 1 })) return true
  }
  throw concurrent()
}

function duplicate(): ApiError {
  return ApiError.conflict({ message: 'A key with this ID already exists in the set.' })
}

function concurrent(): ApiError {
  return ApiError.conflict({ message: 'The set is being changed by other requests.' })
}

function tooMany(): ApiError {
  return ApiError.badRequest({ reason: `A set has at most ${maxKeys} keys. Delete old keys first.` })
}
