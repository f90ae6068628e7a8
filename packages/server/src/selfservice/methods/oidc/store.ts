import { removeOld } from '../../../db/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { AuthorizationRequestRow } from '../../tables.ts'

export async function insertAuthorizationRequest(
  ctx: Context,
  request: Omit<AuthorizationRequestRow, 'used_at'>,
): Promise<void> {
  await ctx.db
    .insertInto('authorization_requests')
    .values({ ...request, used_at: null })
    .execute()
}

/** The authorization request of a state, used or not, that has not expired. */
export async function findAuthorizationRequest(
  ctx: Context,
  stateHash: string,
): Promise<AuthorizationRequestRow | undefined> {
  return ctx.db
    .selectFrom('authorization_requests')
    .select(['state_hash', 'flow_id', 'browser_hash', 'sealed_data', 'expires_at', 'used_at'])
    .where('state_hash', '=', stateHash)
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirst()
}

/** Uses an authorization request. Of several simultaneous calls, also on several nodes, one gets true. */
export async function takeAuthorizationRequest(ctx: Context, stateHash: string): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('authorization_requests')
    .set({ used_at: ctx.clock.now() })
    .where('state_hash', '=', stateHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Removes authorization requests that expired before `before`, at most `limit`. Returns how many. */
export function removeExpiredAuthorizationRequests(
  ctx: Pick<Context, 'db'>,
  before: number,
  limit: number,
): Promise<number> {
  return removeOld(ctx, { table: 'authorization_requests', key: 'state_hash', time: 'expires_at' }, { before, limit })
}
