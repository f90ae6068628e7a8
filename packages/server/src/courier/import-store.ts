import type { Context } from '../kernel/context.ts'
import type { CourierDispatchRow, CourierMessageRow } from './tables.ts'

type HistoryTable = 'courier_messages' | 'courier_dispatches'

/** Inserts messages; those that exist are left alone. */
export async function insertNewMessages(ctx: Context, rows: readonly CourierMessageRow[]): Promise<void> {
  if (rows.length === 0) return
  await ctx.db
    .insertInto('courier_messages')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Inserts delivery attempts; those that exist are left alone. */
export async function insertNewDispatches(ctx: Context, rows: readonly CourierDispatchRow[]): Promise<void> {
  if (rows.length === 0) return
  await ctx.db
    .insertInto('courier_dispatches')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** How many of some rows exist. */
export async function countStored(ctx: Context, table: HistoryTable, rows: readonly { id: string }[]): Promise<number> {
  if (rows.length === 0) return 0
  const { count } = await ctx.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .executeTakeFirstOrThrow()
  return Number(count)
}
