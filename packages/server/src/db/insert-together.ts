import type { Insertable } from 'kysely'
import type { ProjectDatabase } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'
import { UnavailableError } from '../kernel/unavailable.ts'
import { directOf } from './direct.ts'
import { preparedStatement } from './prepared.ts'

/** The rows per statement, so that few statements are prepared. */
const sizes = [16, 8, 4, 2, 1]

interface Waiting<Row> {
  row: Row
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * A function that inserts a row, together with the rows that other requests insert in the same turn of the event loop:
 * on PostgreSQL, a statement with 16 rows costs little more than a statement with one. SQLite, and a
 * transaction, insert each row at once.
 * A row that the database refuses does not affect the others.
 */
export function insertTogether<Table extends keyof Tables & string>(
  table: Table,
  columns: readonly (keyof Insertable<Tables[Table]> & string)[],
): (db: ProjectDatabase, row: Omit<Insertable<Tables[Table]>, 'project_id'>) => Promise<void> {
  type Row = Omit<Insertable<Tables[Table]>, 'project_id'>
  const waitingOf = new WeakMap<ProjectDatabase, Waiting<Row>[]>()
  const inserts = new Map(sizes.map((size) => [size, insertOf(size)]))

  function insertOf(size: number) {
    return preparedStatement<Record<string, unknown>, never>((db, p) => {
      const rows = Array.from({ length: size }, (_, i) =>
        Object.fromEntries(columns.map((column) => [column, p[`${column} ${i}`]])),
      )
      return db.insertInto(table).values(rows as Insertable<Tables[Table]>[])
    })
  }

  async function insert(db: ProjectDatabase, rows: readonly Row[]): Promise<void> {
    const parameters = rows.flatMap((row, i) =>
      columns.map((column) => [`${column} ${i}`, (row as Record<string, unknown>)[column]]),
    )
    await inserts.get(rows.length)?.(db, Object.fromEntries(parameters))
  }

  async function insertGroup(db: ProjectDatabase, group: readonly Waiting<Row>[]): Promise<void> {
    try {
      await insert(
        db,
        group.map(({ row }) => row),
      )
      for (const { resolve } of group) resolve()
    } catch (error) {
      // The database refused all rows of the statement because of one of them.
      const isRowToBlame = group.length > 1 && !(error instanceof UnavailableError)
      if (isRowToBlame) for (const one of group) void insertGroup(db, [one])
      else for (const { reject } of group) reject(error)
    }
  }

  function insertAll(db: ProjectDatabase): void {
    const waiting = waitingOf.get(db) ?? []
    waitingOf.delete(db)
    for (let at = 0; at < waiting.length; ) {
      const size = sizes.find((one) => at + one <= waiting.length) as number
      void insertGroup(db, waiting.slice(at, at + size))
      at += size
    }
  }

  return async (db, row) => {
    if (db.isTransaction || directOf(db)) return insert(db, [row])
    const waiting = waitingOf.get(db)
    if (!waiting) {
      waitingOf.set(db, [])
      setImmediate(insertAll, db)
    }
    return new Promise((resolve, reject) => waitingOf.get(db)?.push({ row, resolve, reject }))
  }
}
