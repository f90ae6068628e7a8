import { removeOld } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'

/**
 * Marks a challenge as answered, until `expiresAt`. Returns false if it was answered before: of simultaneous answers to
 * one challenge, exactly one is accepted, also by several nodes.
 */
export async function spendChallenge(ctx: Context, challenge: string, expiresAt: number): Promise<boolean> {
  const [result] = await ctx.db
    .insertInto('spent_challenges')
    .values({ challenge, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return (result?.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Removes challenges whose flows expired before `before`, at most `limit`. Returns how many. */
export function removeSpentChallenges(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  return removeOld(ctx, { table: 'spent_challenges', key: 'challenge', time: 'expires_at' }, { before, limit })
}
