import type { JsonWebKey } from '@latchkey/api'
import { afterKey } from '../db/index.ts'
import type { Context, Project } from '../kernel/context.ts'
import { openText, resealText, sealText } from '../kernel/seal.ts'
import type { JsonWebKeyRow } from './tables.ts'

const purpose = 'json web key'

export interface StoredKey {
  readonly position: number
  readonly key: JsonWebKey
}

/** The keys of a set, the newest first. */
export async function findKeys(ctx: Context, set: string): Promise<StoredKey[]> {
  const rows = await ctx.db
    .selectFrom('json_web_keys')
    .select(['kid', 'position', 'sealed_key'])
    .where('set_name', '=', set)
    .orderBy('position', 'desc')
    .execute()
  return rows.map(({ kid, position, sealed_key: sealed }) => ({ position, key: open(ctx, [set, kid], sealed) }))
}

export async function findKey(ctx: Context, set: string, kid: string): Promise<JsonWebKey | undefined> {
  const row = await ctx.db
    .selectFrom('json_web_keys')
    .select('sealed_key')
    .where('set_name', '=', set)
    .where('kid', '=', kid)
    .executeTakeFirst()
  return row && open(ctx, [set, kid], row.sealed_key)
}

/** The number of keys of a set, and the position of the newest one; zero for a set without keys. */
export async function extentOf(ctx: Context, set: string): Promise<{ count: number; newest: number }> {
  const { count, newest } = await ctx.db
    .selectFrom('json_web_keys')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max('position').as('newest')])
    .where('set_name', '=', set)
    .executeTakeFirstOrThrow()
  return { count: Number(count), newest: Number(newest ?? 0) }
}

/**
 * Inserts a key at a position. Of concurrent calls for one position, exactly one returns true.
 * @throws the unique violation of the database if the set has a key with this ID.
 */
export async function insertKey(ctx: Context, set: string, { key, position }: StoredKey): Promise<boolean> {
  const row: JsonWebKeyRow = {
    set_name: set,
    kid: key.kid,
    position,
    sealed_key: sealText(ctx.random, ctx.keys.derive(purpose), placeOf(ctx, [set, key.kid]), JSON.stringify(key)),
    created_at: ctx.clock.now(),
  }
  const inserted = await ctx.db
    .insertInto('json_web_keys')
    .values(row)
    .onConflict((conflict) => conflict.columns(['set_name', 'position']).doNothing())
    .returning('kid')
    .execute()
  return inserted.length > 0
}

/** Deletes the keys of a set, or one of them. Returns how many there were. */
export async function deleteKeys(ctx: Context, set: string, kid?: string): Promise<number> {
  const all = ctx.db.deleteFrom('json_web_keys').where('set_name', '=', set)
  const [result] = await (kid === undefined ? all : all.where('kid', '=', kid)).execute()
  return Number(result?.numDeletedRows ?? 0)
}

type ResealingContext = Pick<Context, 'db' | 'keys' | 'random'> & { readonly project: Pick<Project, 'id'> }

/** Encrypts keys again that are encrypted with an older secret. Returns where to continue, or undefined at the end. */
export async function resealKeys(
  ctx: ResealingContext,
  { after, limit }: { after: string; limit: number },
): Promise<string | undefined> {
  const rows = await ctx.db
    .selectFrom('json_web_keys')
    .select(['set_name', 'kid', 'sealed_key'])
    .where(afterKey(['set_name', 'kid'], after === '' ? ['', ''] : JSON.parse(after)))
    .orderBy('set_name')
    .orderBy('kid')
    .limit(limit)
    .execute()
  for (const { set_name: set, kid, sealed_key: before } of rows) {
    const sealed = resealText(ctx.random, ctx.keys.deriveAll(purpose), placeOf(ctx, [set, kid]), before)
    if (sealed === undefined) continue
    await ctx.db
      .updateTable('json_web_keys')
      .set({ sealed_key: sealed })
      .where('set_name', '=', set)
      .where('kid', '=', kid)
      // A key that was replaced in the meantime is encrypted with the current secret.
      .where('sealed_key', '=', before)
      .execute()
  }
  const last = rows.at(-1)
  return last && JSON.stringify([last.set_name, last.kid])
}

function open(ctx: Context, place: readonly [set: string, kid: string], sealed: string): JsonWebKey {
  const text = openText(ctx.keys.deriveAll(purpose), placeOf(ctx, place), sealed)
  if (text === undefined) throw new Error('a stored JSON Web Key cannot be decrypted with the configured secrets')
  return JSON.parse(text)
}

function placeOf({ project }: Pick<ResealingContext, 'project'>, [set, kid]: readonly [string, string]): string {
  return JSON.stringify([project.id, set, kid])
}
