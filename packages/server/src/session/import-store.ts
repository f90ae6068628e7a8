import type { Context } from '../kernel/context.ts'
import type { NewSessionRow, SessionRow } from './tables.ts'

/** Inserts sessions; those that exist are left alone. */
export async function insertNewSessions(ctx: Context, rows: readonly NewSessionRow[]): Promise<void> {
  if (rows.length === 0) return
  await ctx.db
    .insertInto('sessions')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The devices of those of some sessions that exist. */
export async function storedSessions(ctx: Context, ids: readonly string[]): Promise<Pick<SessionRow, 'devices'>[]> {
  if (ids.length === 0) return []
  return ctx.db.selectFrom('sessions').select('devices').where('id', 'in', ids).execute()
}
