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
export async function removeSpentChallenges(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const [result] = await ctx.db
    .deleteFrom('spent_challenges')
    .where('challenge', 'in', (eb) =>
      eb.selectFrom('spent_challenges').select('challenge').where('expires_at', '<', before).limit(limit),
    )
    .execute()
  return Number(result?.numDeletedRows ?? 0)
}
