import { removeOld } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { PendingChangeRow } from '../tables.ts'

const columns = [
  'identity_id',
  'session_id',
  'flow_id',
  'settings_flow_id',
  'via',
  'value',
  'traits_hash',
  'changes',
  'expires_at',
] as const

/** Stores the pending change of an identity, in place of an earlier one. */
export async function replacePendingChange(ctx: Context, row: PendingChangeRow): Promise<void> {
  const { identity_id, ...rest } = row
  await ctx.db
    .insertInto('pending_changes')
    .values(row)
    .onConflict((conflict) => conflict.columns(['identity_id']).doUpdateSet(rest))
    .execute()
}

/** The change that waits for a verification flow; undefined if it was replaced or applied, or the flow is another one's. */
export async function findPendingChange(ctx: Context, flowId: string): Promise<PendingChangeRow | undefined> {
  return ctx.db.selectFrom('pending_changes').select(columns).where('flow_id', '=', flowId).executeTakeFirst()
}

/** Deletes the change of a verification flow. Of concurrent calls, exactly one returns it. */
export async function takePendingChange(ctx: Context, flowId: string): Promise<PendingChangeRow | undefined> {
  return ctx.db.deleteFrom('pending_changes').where('flow_id', '=', flowId).returning(columns).executeTakeFirst()
}

/** Deletes at most `limit` changes that expired before `before`. Returns how many. */
export function removeExpiredPendingChanges(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  return removeOld(ctx, { table: 'pending_changes', key: 'identity_id', time: 'expires_at' }, { before, limit })
}
