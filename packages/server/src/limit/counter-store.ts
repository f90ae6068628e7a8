import { removeOld } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'

export interface CounterRow {
  /** Keyed hash of what is counted and for whom. */
  key: string
  count: number
  /** The end of the window, in milliseconds since the Unix epoch. */
  resets_at: number
}

declare module '../kernel/tables.ts' {
  interface Tables {
    attempts: CounterRow
  }
}

/**
 * Increments the counters, from one again where the window is over. This is one statement, so that of simultaneous
 * requests on any number of nodes all are counted; it takes the rows in one order, so that no two wait for each other.
 */
export async function increment(ctx: Context, keys: readonly string[], windowMs: number): Promise<CounterRow[]> {
  const now = ctx.clock.now()
  return ctx.asyncCommit
    .insertInto('attempts')
    .values([...keys].sort().map((key) => ({ key, count: 1, resets_at: now + windowMs })))
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

/** Takes back one increment of each counter. */
export async function decrement(ctx: Context, keys: readonly string[]): Promise<void> {
  for (const key of [...keys].sort()) {
    await ctx.asyncCommit
      .updateTable('attempts')
      .set((eb) => ({ count: eb('count', '-', 1) }))
      .where('key', '=', key)
      .where('count', '>', 0)
      .execute()
  }
}

/** Deletes a counter. */
export async function reset(ctx: Context, key: string): Promise<void> {
  await ctx.asyncCommit.deleteFrom('attempts').where('key', '=', key).execute()
}

/** Deletes at most `limit` counters whose window was over before `before`. Returns the number of deleted counters. */
export function removeOldCounters(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  return removeOld(ctx, { table: 'attempts', key: 'key', time: 'resets_at' }, { before, limit })
}
