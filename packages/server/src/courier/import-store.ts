import type { Context } from '../kernel/context.ts'
import type { CourierDispatchRow, CourierMessageRow } from './tables.ts'

/** Inserts messages and their delivery attempts; those that exist are left alone. */
export async function insertNewMessages(
  ctx: Context,
  messages: readonly CourierMessageRow[],
  dispatches: readonly CourierDispatchRow[],
): Promise<void> {
  if (messages.length > 0)
    await ctx.db
      .insertInto('courier_messages')
      .values([...messages])
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  if (dispatches.length > 0)
    await ctx.db
      .insertInto('courier_dispatches')
      .values([...dispatches])
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

/** How many of some messages exist. */
export async function countMessages(ctx: Context, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const { count } = await ctx.db
    .selectFrom('courier_messages')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('id', 'in', ids)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** How many of some delivery attempts exist. */
export async function countDispatches(ctx: Context, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const { count } = await ctx.db
    .selectFrom('courier_dispatches')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('id', 'in', ids)
    .executeTakeFirstOrThrow()
  return Number(count)
}
