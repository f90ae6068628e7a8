import type { Context } from '../../kernel/context.ts'
import { openText, resealText, sealText } from '../../kernel/seal.ts'
import type { Identity } from '../record.ts'
import type { IdentityMergeRow } from '../tables.ts'

const purpose = 'identity merge'

/** Both identities before a merge, and what the surviving one was after it. */
export interface MergeSnapshot {
  into: Identity
  from: Identity
  /** The fingerprint of the surviving identity after the merge. */
  fingerprint: string
}

/** Stores the state before a merge, encrypted for this merge. */
export async function insertMerge(
  ctx: Context,
  { id, snapshot, expiresAt }: { id: string; snapshot: MergeSnapshot; expiresAt: number },
): Promise<void> {
  const row: IdentityMergeRow = {
    id,
    identity_id: snapshot.into.document.id,
    sealed_snapshot: sealText(ctx.random, ctx.keys.derive(purpose), id, JSON.stringify(snapshot)),
    expires_at: expiresAt,
  }
  await ctx.db.insertInto('identity_merges').values(row).execute()
}

/** Deletes a merge to undo it. Of concurrent calls, exactly one returns it; undefined if it is unknown or expired. */
export async function takeMerge(ctx: Context, id: string): Promise<MergeSnapshot | undefined> {
  const row = await ctx.db
    .deleteFrom('identity_merges')
    .where('id', '=', id)
    .where('expires_at', '>', ctx.clock.now())
    .returning('sealed_snapshot')
    .executeTakeFirst()
  const text = row && openText(ctx.keys.deriveAll(purpose), id, row.sealed_snapshot)
  return text === undefined ? undefined : JSON.parse(text)
}

/** The number of active sessions of an identity, which end with it by their foreign key. */
export async function countActiveSessions(ctx: Context, identityId: string): Promise<number> {
  const { count } = await ctx.db
    .selectFrom('sessions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('identity_id', '=', identityId)
    .where('active', '=', 1)
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Deletes at most `limit` merges that can no longer be undone. Returns how many. */
export async function removeExpiredMerges(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const [result] = await ctx.db
    .deleteFrom('identity_merges')
    .where('id', 'in', (eb) =>
      eb.selectFrom('identity_merges').select('id').where('expires_at', '<=', before).limit(limit),
    )
    .execute()
  return Number(result?.numDeletedRows ?? 0)
}

/** Encrypts snapshots again that are encrypted with an older key. Returns the last id, or undefined at the end. */
export async function resealMerges(
  ctx: Pick<Context, 'db' | 'keys' | 'random'>,
  { after, limit }: { after: string; limit: number },
): Promise<string | undefined> {
  const rows = await ctx.db
    .selectFrom('identity_merges')
    .select(['id', 'sealed_snapshot'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  for (const { id, sealed_snapshot: before } of rows) {
    const sealed = resealText(ctx.random, ctx.keys.deriveAll(purpose), id, before)
    if (sealed !== undefined)
      await ctx.db.updateTable('identity_merges').set({ sealed_snapshot: sealed }).where('id', '=', id).execute()
  }
  return rows.at(-1)?.id
}
