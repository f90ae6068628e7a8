import type { Capabilities, ProjectDatabase } from '../kernel/context.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

export { afterKey } from './after-key.ts'
export { projectContext } from './context.ts'
export { eachOf, entryText, inEachOf, itemNumber, itemText } from './each-of.ts'
export { installationSecret } from './installation.ts'
export { chosen, joinedJson, spliced, withoutOpeningBrace } from './joined-json.ts'
export { type Lease, takeLease } from './leases.ts'
export { columnText, type Looked, lookUp } from './look-up.ts'
export { migrate } from './migrate.ts'
export { perDialect, prepared } from './prepared.ts'
export { startsWith } from './starts-with.ts'
export { isUniqueViolation } from './violation.ts'

/** An open database. */
export interface Database {
  readonly capabilities: Capabilities
  /** The database as one project sees it: every statement is held to that project's rows. */
  project(projectId: string): { db: ProjectDatabase; relaxed: ProjectDatabase }
  /** All projects' rows: for migrations, host look-up and jobs only. */
  readonly everything: ProjectDatabase
  /** Resolves when a statement can be run; for readiness. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the database that a DSN names.
 * `memory`, `sqlite://PATH?_fk=true…` (parameters of the original are accepted) or `postgres://…`.
 */
export async function openDatabase(dsn: string, options: OpenOptions = {}): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(dsn)) return openPostgres(dsn, options)
  return openSqlite(sqlitePath(dsn), options)
}

export interface OpenOptions {
  /** Somebody else's database: it has to exist, nothing of it is changed, and a transaction sees it at one moment. */
  readOnly?: boolean
}

/** The file a DSN means, or undefined for a database in memory. Throws on another scheme. */
export function sqlitePath(dsn: string): string | undefined {
  if (dsn === 'memory') return undefined
  const match = /^sqlite3?:\/\/([^?]*)(\?.*)?$/.exec(dsn)
  if (!match) throw new Error(`DSN must be memory, sqlite://… or postgres://…, found ${dsn.split(':')[0]}:…`)
  const path = decodeURIComponent(match[1] ?? '').replace(/^file:/, '')
  if (path === '' || path === ':memory:' || /mode=memory/.test(match[2] ?? '')) return undefined
  return path
}
