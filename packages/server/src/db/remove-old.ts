import type { Kysely } from 'kysely'
import type { Context } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'

type Columns<Table extends keyof Tables> = keyof Tables[Table] & string

/**
 * Deletes at most `limit` rows of a table whose time is before a point in time. Returns how many there were. A row whose
 * time was moved meanwhile stays.
 */
export async function removeOld<Table extends keyof Tables & string>(
  { db }: Pick<Context, 'db'>,
  of: { table: Table; key: Columns<Table>; time: Columns<Table> },
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  // The names are checked by the type of the parameter; Kysely cannot compare columns of a table that is not known.
  const rows = db as unknown as Kysely<Record<string, Record<string, unknown>>>
  const { table, key, time }: Record<'table' | 'key' | 'time', string> = of
  const old = rows.selectFrom(table).select(key).where(time, '<', before).limit(limit)
  const { numDeletedRows } = await rows
    .deleteFrom(table)
    .where(time, '<', before)
    .where(key, 'in', old)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
