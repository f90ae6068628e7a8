import { preparedStatement } from '../db/index.ts'
import type { Context, ProjectDatabase } from '../kernel/context.ts'
import type { EventRow } from './tables.ts'

type Parameters = Record<string, string | number | null>
type Insert = (db: ProjectDatabase, parameters: Parameters) => Promise<unknown[]>

/** A request records few events, so one statement is compiled for each number of rows. */
const maxCompiled = 8
const inserts: Insert[] = Array.from({ length: maxCompiled }, (_, i) => insertOf(i + 1))
/** The number of parameters per statement is limited. */
const maxAtOnce = 1000

/** Inserts events with a single statement, or with several if there are too many parameters. */
export async function insertEvents({ db }: Pick<Context, 'db'>, rows: readonly EventRow[]): Promise<void> {
  const insert = inserts[rows.length - 1]
  if (insert) {
    await insert(db, parametersOf(rows))
    return
  }
  for (let from = 0; from < rows.length; from += maxAtOnce) {
    await db
      .insertInto('events')
      .values(rows.slice(from, from + maxAtOnce))
      .execute()
  }
}

const columns = ['id', 'name', 'actor_type', 'actor_id', 'attributes', 'created_at'] as const

function insertOf(count: number): Insert {
  return preparedStatement<Parameters, unknown>((db, p) =>
    db.insertInto('events').values(
      // These are placeholders for the values, typed as a row.
      Array.from({ length: count }, (_, i) =>
        Object.fromEntries(columns.map((column) => [column, p[`${column}${i}`]])),
      ) as unknown as EventRow[],
    ),
  )
}

function parametersOf(rows: readonly EventRow[]): Parameters {
  const parameters: Parameters = {}
  rows.forEach((row, i) => {
    for (const column of columns) parameters[`${column}${i}`] = row[column]
  })
  return parameters
}

/** Events in the order in which they were recorded, starting after `after`. */
export async function listEvents(ctx: Context, { after = '', limit = 100 }): Promise<EventRow[]> {
  return ctx.db
    .selectFrom('events')
    .select(columns)
    .where('id', '>', after)
    .orderBy('id')
    .limit(Math.min(limit, maxAtOnce))
    .execute()
}

/** Deletes a batch of events recorded before a point in time, oldest first. Returns how many. */
export async function removeOldEvents(ctx: Pick<Context, 'db'>, before: number, limit: number): Promise<number> {
  const [result] = await ctx.db
    .deleteFrom('events')
    .where('created_at', '<', before)
    .where('id', 'in', (eb) =>
      eb.selectFrom('events').select('id').where('created_at', '<', before).orderBy('id').limit(limit),
    )
    .execute()
  return Number(result?.numDeletedRows ?? 0)
}
