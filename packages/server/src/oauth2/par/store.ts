import type { Context } from '../../kernel/context.ts'
import type { OAuth2PushedRequestRow } from './tables.ts'

export async function insertPushedRequest(ctx: Context, row: Omit<OAuth2PushedRequestRow, 'used_at'>): Promise<void> {
  await ctx.db
    .insertInto('oauth2_pushed_requests')
    .values({ ...row, used_at: null })
    .execute()
}

/** The key of a pushed request: it is good for its client only. */
export interface PushedRequestKey {
  readonly hash: string
  readonly clientId: string
}

/**
 * The sealed parameters at the first use of a request: of any number of simultaneous ones, exactly one gets them.
 * @param keptUntil when the flow that begins now has expired
 */
export async function claimPushedRequest(
  ctx: Context,
  { hash, clientId }: PushedRequestKey,
  keptUntil: number,
): Promise<string | undefined> {
  const now = ctx.clock.now()
  const row = await ctx.db
    .updateTable('oauth2_pushed_requests')
    .set({ used_at: now, expires_at: keptUntil })
    .where('hash', '=', hash)
    .where('client_id', '=', clientId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('sealed_data')
    .executeTakeFirst()
  return row?.sealed_data
}

/** The sealed parameters of a request with which a flow has begun. */
export async function findClaimedRequest(
  ctx: Context,
  { hash, clientId }: PushedRequestKey,
): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('oauth2_pushed_requests')
    .select('sealed_data')
    .where('hash', '=', hash)
    .where('client_id', '=', clientId)
    .where('used_at', 'is not', null)
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirst()
  return row?.sealed_data
}

export async function deletePushedRequestsOf(ctx: Context, clientId: string): Promise<void> {
  await ctx.db.deleteFrom('oauth2_pushed_requests').where('client_id', '=', clientId).execute()
}
