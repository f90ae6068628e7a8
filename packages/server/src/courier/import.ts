import type { Context } from '../kernel/context.ts'
import { countStored, insertNewDispatches, insertNewMessages } from './import-store.ts'
import type { CourierDispatchRow, CourierMessageRow } from './tables.ts'

/** The number of rows of a statement, whose number of parameters is limited. */
const chunkSize = 1000

/** Stores the history of another server, in one transaction. Returns how many of its rows are stored. */
export function importMessages(
  ctx: Context,
  messages: readonly CourierMessageRow[],
  dispatches: readonly CourierDispatchRow[],
): Promise<{ messages: number; dispatches: number }> {
  return ctx.transaction(async (tx) => {
    await insertNewMessages(tx, messages)
    let found = 0
    for (let at = 0; at < dispatches.length; at += chunkSize) {
      const part = dispatches.slice(at, at + chunkSize)
      await insertNewDispatches(tx, part)
      found += await countStored(tx, 'courier_dispatches', part)
    }
    return { messages: await countStored(tx, 'courier_messages', messages), dispatches: found }
  })
}
