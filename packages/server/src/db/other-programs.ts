import { CompiledQuery } from 'kysely'
import type { Capabilities, ProjectDatabase } from '../kernel/context.ts'

/** The database belongs to another program. Nothing was changed in it. */
export class OccupiedDatabaseError extends Error {
  override readonly name = 'OccupiedDatabaseError'
}

/** Executes a query that reads. */
export type Read = (sql: string) => Promise<readonly unknown[]> | readonly unknown[]

export function readerOf(db: ProjectDatabase): Read {
  return async (sql) => (await db.executeQuery(CompiledQuery.raw(sql))).rows
}

/** The originals whose database may be named by mistake, because their configuration files name it. */
const originals = [
  {
    title: 'Ory Kratos',
    owns: (table: string) => /^(selfservice_login_flows|selfservice_login_requests|identity_credentials)$/.test(table),
    advice:
      'Run latchkey import kratos --dsn <this database> --kratos <its configuration> --to <another one>, and start with the other one.',
  },
  {
    title: 'Ory Keto',
    owns: (table: string) => table.startsWith('keto_'),
    advice:
      'latchkey import keto has not run for it. Run latchkey import keto --dsn <this database> --to <another one>, and start with the other one.',
  },
  {
    title: 'Ory Hydra',
    owns: (table: string) => table.startsWith('hydra_'),
    advice: 'Nothing is imported from it.',
  },
] as const

const tableQueries = {
  sqlite: "select name from sqlite_master where type = 'table'",
  postgres: 'select tablename as name from pg_catalog.pg_tables where schemaname = any (current_schemas(false))',
}

/** The names of the tables that statements without a schema refer to. */
export async function listTables(read: Read, { dialect }: Pick<Capabilities, 'dialect'>): Promise<string[]> {
  return (await read(tableQueries[dialect])).map((row) => String((row as { name: unknown }).name)).sort()
}

/**
 * Makes sure that a database can be written to: it is empty, or an installation of Latchkey. With `besideKeto`, Keto's
 * tables are no reason to refuse it, because its relationships are about to be imported.
 * @throws OccupiedDatabaseError
 */
export async function refuseOtherPrograms(
  read: Read,
  capabilities: Pick<Capabilities, 'dialect'>,
  besideKeto = false,
): Promise<void> {
  const tables = await listTables(read, capabilities)
  const found = originals.flatMap((original) => {
    const table = tables.find(original.owns)
    return table === undefined ? [] : [{ ...original, table }]
  })
  const kept: typeof found = []
  for (const one of found) if (!(await mayStay(one.title, tables, read, besideKeto))) kept.push(one)
  const [first] = kept
  if (!first) return
  const names = kept.map(({ title, table }) => `${title} (table ${table})`).join(' and ')
  throw new OccupiedDatabaseError(
    [
      `The database belongs to ${names}. Nothing was changed in it.`,
      ...kept.map(({ advice }) => advice),
      'Latchkey needs a database of its own: name it with --dsn or the variable DSN.',
    ].join(' '),
  )
}

/** Whether the tables of an original may be in the database of an installation. Those of Kratos have the same names. */
async function mayStay(title: string, tables: readonly string[], read: Read, besideKeto: boolean): Promise<boolean> {
  const isInstallation = tables.includes('relation_tuple_kinds')
  if (title === 'Ory Kratos') return false
  if (title === 'Ory Hydra') return isInstallation
  if (besideKeto) return true
  return isInstallation && (await isImported(tables, read))
}

/** Whether Keto has nothing to import, or the installation has had relationships. */
async function isImported(tables: readonly string[], read: Read): Promise<boolean> {
  const isEmpty = async (table: string) => (await read(`select 1 from ${table} limit 1`)).length === 0
  if (!tables.includes('keto_relation_tuples') || (await isEmpty('keto_relation_tuples'))) return true
  return !(await isEmpty('relation_tuple_kinds'))
}
