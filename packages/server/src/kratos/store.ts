import type { ProjectDatabase } from '../kernel/context.ts'
import { ImportError } from '../kernel/import-error.ts'
import { type KratosTable, type KratosTables, kratosColumns, laterColumns } from './tables.ts'

export interface KratosNetwork {
  readonly nid: string
  readonly identities: number
}

/** A database of Kratos, opened to be read. */
export interface KratosSource {
  readonly db: ProjectDatabase
  /** The type that text has in this database. */
  readonly textType: 'text' | 'char'
  /** The columns of each table that exist in this version. */
  readonly columns: ReadonlyMap<KratosTable, readonly string[]>
}

/**
 * Finds out which version of Kratos's tables a database has.
 * @throws ImportError
 */
export async function openKratosSource(
  db: ProjectDatabase,
  textType: KratosSource['textType'] = 'text',
): Promise<KratosSource> {
  const found = await db.introspection.getTables()
  const columns = new Map<KratosTable, readonly string[]>()
  for (const [name, wanted] of Object.entries(kratosColumns)) {
    const existing = found.find((table) => table.name === name)?.columns.map((column) => column.name)
    const missing = wanted.filter((column) => !existing?.includes(column) && !isLater(column))
    if (!existing || missing.length > 0) {
      const what = existing ? `the column ${name}.${missing[0]}` : `the table ${name}`
      throw new ImportError(`The source is no database of Kratos 1.3 or newer: ${what} is missing.`)
    }
    columns.set(
      name as KratosTable,
      wanted.filter((column) => existing.includes(column)),
    )
  }
  return { db, textType, columns }
}

/** The networks that have identities, with the number of them. */
export async function kratosNetworks({ db, textType }: KratosSource): Promise<KratosNetwork[]> {
  const rows = await db
    .withTables<KratosTables>()
    .selectFrom('identities')
    .select((eb) => [eb.cast<string>('nid', textType).as('nid'), eb.fn.countAll<number>().as('count')])
    .groupBy('nid')
    .orderBy('nid')
    .execute()
  return rows.map(({ nid, count }) => ({ nid, identities: Number(count) }))
}

export async function countKratosRows({ db }: KratosSource, table: KratosTable, nid: string): Promise<number> {
  const { count } = await db
    .withTables<Record<KratosTable, { nid: string }>>()
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('nid', '=', nid)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Rows of a network in the order of their ids, after a given one. */
export async function kratosPage<T extends KratosTable>(
  source: KratosSource,
  table: T,
  { nid, after, size }: { nid: string; after: string | undefined; size: number },
): Promise<KratosTables[T][]> {
  const query = selection(source, table).where('nid', '=', nid).orderBy('id').limit(size)
  const rows = await (after === undefined ? query : query.where('id', '>', after)).execute()
  return rows as unknown as KratosTables[T][]
}

/** The rows whose column has one of some values, in the order of their ids. */
export async function kratosRowsOf<T extends KratosTable>(
  source: KratosSource,
  table: T,
  { column, values }: { column: keyof KratosTables[T] & string; values: readonly string[] },
): Promise<KratosTables[T][]> {
  if (values.length === 0) return []
  const rows = await selection(source, table)
    .where(column as 'id', 'in', values)
    .orderBy('id')
    .execute()
  return rows as unknown as KratosTables[T][]
}

/** The names of the types of credentials by their ids. */
export async function kratosCredentialTypes(source: KratosSource): Promise<Map<string, string>> {
  const rows = await selection(source, 'identity_credential_types').execute()
  return new Map(rows.map((row) => [row.id, (row as unknown as KratosTables['identity_credential_types']).name]))
}

/** Selects all columns as text: the databases have different types for times, JSON and truth values. */
function selection({ db, columns, textType }: KratosSource, table: KratosTable) {
  const existing = (columns.get(table) ?? []) as readonly 'id'[]
  return db
    .withTables<Record<KratosTable, { id: string; nid: string }>>()
    .selectFrom(table)
    .select((eb) => existing.map((column) => eb.cast<string>(column, textType).as(column)))
}

function isLater(column: string): boolean {
  return laterColumns.some((later) => later === column)
}
