import { Kysely, MysqlDialect } from 'kysely'
import type { Database } from './database.ts'
import { parseMysqlDsn } from './mysql-dsn.ts'

/** A database of another program, of which only the rows are read. */
export interface SourceDatabase extends Pick<Database, 'unscoped' | 'close'> {
  /** The type of text to which values of any type are converted; `text` if undefined. */
  readonly textType?: 'char'
}

const connectTimeoutMs = 10_000

/**
 * Opens a database of MySQL or MariaDB to be read; transactions read one snapshot. The driver is loaded here.
 * @throws Error for a DSN of another form
 */
export async function openMysql(dsn: string): Promise<SourceDatabase> {
  const { tls, ...address } = parseMysqlDsn(dsn)
  const { createPool } = (await import('mysql2')).default
  // The time zone stays that of the server: Kratos writes and reads its times in UTC whatever it is.
  const pool = createPool({
    ...address,
    ...(tls && { ssl: { ...tls, minVersion: 'TLSv1.2' } }),
    charset: 'utf8mb4',
    connectionLimit: 1,
    connectTimeout: connectTimeoutMs,
  })
  // Read by the next transaction of the connection, of which there is one.
  pool.on('connection', (connection) => {
    connection.query('set session transaction isolation level repeatable read, read only')
  })
  const unscoped = new Kysely({ dialect: new MysqlDialect({ pool }) }) as unknown as Database['unscoped']
  return { unscoped, textType: 'char', close: () => unscoped.destroy() }
}
