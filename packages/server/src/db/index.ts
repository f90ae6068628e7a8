import type { Logger } from 'pino'
import type { Transport } from '../kernel/notify.ts'
import type { Database, OpenOptions } from './database.ts'
import { openMysql, type SourceDatabase } from './mysql.ts'
import { isMysqlDsn } from './mysql-dsn.ts'
import { openPostgres } from './postgres.ts'
import { isPostgresDsn } from './postgres-dsn.ts'
import { postgresTransport } from './postgres-transport.ts'
import { openSqlite } from './sqlite.ts'

export { afterKey } from './after-key.ts'
export { projectContext } from './context.ts'
export type { Database } from './database.ts'
export { eachOf, entryText, inEachOf, itemNumber, itemText } from './each-of.ts'
export { insertTogether } from './insert-together.ts'
export { findInstallationValue, setInstallationValue } from './installation.ts'
export { concatenate, joinedJson, textByValue, withoutOpeningBrace } from './joined-json.ts'
export { type Lease, takeLease } from './leases.ts'
export { columnText, type Looked, lookUp } from './look-up.ts'
export { type DatabaseWait, migrate } from './migrate.ts'
export type { SourceDatabase } from './mysql.ts'
export { OccupiedDatabaseError } from './other-programs.ts'
export { perDialect, preparedStatement } from './prepared.ts'
export { removeOld } from './remove-old.ts'
export { adoptKeys, installationSecrets, tokenSecret } from './secrets.ts'
export { startsWith } from './starts-with.ts'
export { isUniqueViolation } from './violation.ts'

/**
 * Opens the database for a DSN: `memory`, `sqlite://PATH?_fk=true…` (the originals' parameters are accepted) or
 * `postgres://…`.
 */
export async function openDatabase(dsn: string, options: OpenOptions = {}): Promise<Database> {
  if (isPostgresDsn(dsn)) return openPostgres(dsn, options)
  return openSqlite(sqlitePath(dsn), options)
}

/**
 * Opens the database of another program, of which only the rows are read: SQLite or PostgreSQL as `openDatabase` does, or
 * MySQL or MariaDB for a DSN `mysql://user:password@tcp(host:port)/database`.
 */
export async function openSourceDatabase(dsn: string): Promise<SourceDatabase> {
  return isMysqlDsn(dsn) ? openMysql(dsn) : openDatabase(dsn, { readOnly: true })
}

/** The database's own message transport between processes; undefined if it has none. */
export function databaseTransport(dsn: string, from: { log: Logger; sender: string }): Transport | undefined {
  return isPostgresDsn(dsn) ? postgresTransport(dsn, from) : undefined
}

/** The key file of an SQLite database, next to it, so that a copy of the database does not contain it. */
export function keyFileOf(dsn: string): string | undefined {
  const path = isPostgresDsn(dsn) ? undefined : sqlitePath(dsn)
  return path === undefined ? undefined : `${path}.key`
}

/** The file path of a SQLite DSN, or undefined for an in-memory database. Throws for any other scheme. */
export function sqlitePath(dsn: string): string | undefined {
  if (dsn === 'memory') return undefined
  const match = /^sqlite3?:\/\/([^?]*)(\?.*)?$/.exec(dsn)
  if (!match) throw new Error(`DSN must be memory, sqlite://… or postgres://…, found ${dsn.split(':')[0]}:…`)
  const path = decodeURIComponent(match[1] ?? '').replace(/^file:/, '')
  if (path === '' || path === ':memory:' || /mode=memory/.test(match[2] ?? '')) return undefined
  return path
}
