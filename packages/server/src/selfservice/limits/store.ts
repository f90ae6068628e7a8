import type { Context } from '../../kernel/context.ts'

export interface AttemptRow {
  /** Keyed hash of whom or where the attempts are counted for. */
  key: string
  count: number
  resets_at: number
}

declare module '../../kernel/tables.ts' {
  interface Tables {
    attempts: AttemptRow
  }
}

/**
 * Counts one more attempt for each key, from one again where its time is over. One statement, so that simultaneous
 * attempts on any number of nodes are all counted.
 */
export async function countAttempts(ctx: Context, keys: readonly string[], windowMs: number): Promise<AttemptRow[]> {
  const now = ctx.clock.now()
  return ctx.asyncCommit
    .insertInto('attempts')
    .values(keys.map((key) => ({ key, count: 1, resets_at: now + windowMs })))
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({
        count: eb
          .case()
          .when('attempts.resets_at', '<=', now)
          .then(1)
          .else(eb('attempts.count', '+', 1))
          .end(),
        resets_at: eb
          .case()
          .when('attempts.resets_at', '<=', now)
          .then(now + windowMs)
          .else(eb.ref('attempts.resets_at'))
          .end(),
      })),
    )
    .returning(['key', 'count', 'resets_at'])
    .execute()
}

/** Forgets all attempts that were counted for a key. */
export async function forgetAttempts(ctx: Context, key: string): Promise<void> {
  await ctx.asyncCommit.deleteFrom('attempts').where('key', '=', key).execute()
}

/** Takes back one attempt that was counted for a key. */
export async function uncountAttempt(ctx: Context, key: string): Promise<void> {
  await ctx.asyncCommit
    .updateTable('attempts')
    .set((eb) => ({ count: eb('count', '-', 1) }))
    .where('key', '=', key)
    .where('count', '>', 0)
    .execute()
}

/** Removes counts whose time was over before `before`, at most `limit`. Gives how many. */
export async function removeOldAttempts(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const [result] = await ctx.db
    .deleteFrom('attempts')
    .where('key', 'in', (eb) => eb.selectFrom('attempts').select('key').where('resets_at', '<', before).limit(limit))
    .execute()
  return Number(result?.numDeletedRows ?? 0)
}
