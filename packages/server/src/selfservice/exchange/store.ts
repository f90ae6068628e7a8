import { removeOld } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { SessionExchangeRow } from '../tables.ts'

export async function insertExchange(
  ctx: Context,
  exchange: { flowId: string; initHash: string; expiresAt: number },
): Promise<void> {
  await ctx.db
    .insertInto('session_exchanges')
    .values({
      id: ctx.random.uuid(),
      flow_id: exchange.flowId,
      init_hash: exchange.initHash,
      return_to_hash: '',
      session_id: null,
      sealed_token: null,
      expires_at: exchange.expiresAt,
    })
    .execute()
}

/** Keeps the session of a flow's exchange; false where it has one already or there is no exchange. */
export async function fillExchange(
  ctx: Context,
  flowId: string,
  session: { returnToHash: string; id: string; sealedToken: string },
): Promise<boolean> {
  const changed = await ctx.db
    .updateTable('session_exchanges')
    .set({ return_to_hash: session.returnToHash, session_id: session.id, sealed_token: session.sealedToken })
    .where('flow_id', '=', flowId)
    .where('session_id', 'is', null)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

/** The exchange of a flow, used or not. */
export async function exchangeOfFlow(ctx: Context, flowId: string): Promise<{ id: string } | undefined> {
  return ctx.db.selectFrom('session_exchanges').select('id').where('flow_id', '=', flowId).executeTakeFirst()
}

/** Moves the exchange of a flow to another one. */
export async function moveExchange(ctx: Context, fromFlowId: string, toFlowId: string): Promise<void> {
  await ctx.db
    .updateTable('session_exchanges')
    .set({ flow_id: toFlowId })
    .where('flow_id', '=', fromFlowId)
    .where('session_id', 'is', null)
    .execute()
}

/** The exchange of an initial code that has not expired. */
export async function findExchange(
  ctx: Context,
  initHash: string,
): Promise<Pick<SessionExchangeRow, 'return_to_hash' | 'session_id' | 'sealed_token'> | undefined> {
  return ctx.db
    .selectFrom('session_exchanges')
    .select(['return_to_hash', 'session_id', 'sealed_token'])
    .where('init_hash', '=', initHash)
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirst()
}

/** Removes exchanges that expired before `before`, at most `limit`. Returns how many. */
export function removeExpiredExchanges(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  return removeOld(ctx, { table: 'session_exchanges', key: 'id', time: 'expires_at' }, { before, limit })
}
