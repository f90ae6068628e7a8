import {
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import pg from 'pg'
import type { ProjectDatabase } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'
import type { Database, OpenOptions } from './database.ts'
import { readerOf, refuseOtherPrograms } from './other-programs.ts'
import { PostgresConnection } from './postgres-connection.ts'
import { parsePostgresDsn } from './postgres-dsn.ts'
import { PostgresPool } from './postgres-pool.ts'
import { assignProject } from './project-of.ts'
import { ProjectPlugin } from './project-plugin.ts'
import { writeProbe } from './write-probe.ts'

/** The project setting that makes the rows of every project visible. */
const everyProject = '*'

/** Times and counts are 64-bit integers well below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
}

const reading = '-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read'

/**
 * The time limits of statements, unless the DSN has others. A statement that waits for a lock, or runs, for longer is
 * canceled, so that the other requests have its connection. The last one is for a network that lost the answer.
 */
const timeLimits = {
  lock_timeout: 2000,
  statement_timeout: 10_000,
  idle_in_transaction_session_timeout: 30_000,
  query_timeout: 15_000,
}

const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

/** Opens PostgreSQL. `?max_conns=N` limits the number of connections (default 20), as in the originals. */
export function openPostgres(dsn: string, { readOnly = false, besideKeto }: OpenOptions = {}): Database {
  const { connectionString, max } = parsePostgresDsn(dsn)
  const connecting = { types, ...keepAlive, pipeline: true }
  const settings = { ...connecting, connectionString, ...(!readOnly && timeLimits) }
  const pool = new PostgresPool({ ...settings, max, ...(readOnly && { options: reading }) })
  const asyncCommitPool = new PostgresPool(
    { ...settings, max: Math.max(2, Math.ceil(max / 2)), options: '-c synchronous_commit=off' },
    pool,
  )
  const database = (from: PostgresPool, projectId: string): ProjectDatabase =>
    new Kysely<Tables>({
      dialect: {
        createAdapter: () => assignProject(new PostgresAdapter(), projectId === everyProject ? undefined : projectId),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createDriver: () => new PostgresDriver(from, projectId),
      },
      plugins: projectId === everyProject ? [] : [new ProjectPlugin(projectId)],
    })
  const projects = new LRUCache<string, { db: ProjectDatabase; asyncCommit: ProjectDatabase }>({ max: 1000 })
  const unscoped = database(pool, everyProject)
  const capabilities = { dialect: 'postgres', rowLocks: true, inProcess: false } as const
  return {
    capabilities,
    unscoped,
    project(projectId) {
      const known = projects.get(projectId)
      if (known) return known
      const made = { db: database(pool, projectId), asyncCommit: database(asyncCommitPool, projectId) }
      projects.set(projectId, made)
      return made
    },
    forMigrations() {
      const own = new PostgresPool({ ...connecting, connectionString: withoutTimeLimits(connectionString), max: 2 })
      return { db: database(own, everyProject), close: () => own.end() }
    },
    refuseOtherPrograms: () => refuseOtherPrograms(readerOf(unscoped), capabilities, besideKeto),
    ping: writeProbe(unscoped),
    async close() {
      await Promise.all([pool.end(), asyncCommitPool.end()])
    },
  }
}

/** Migrations wait for locks, and rebuild tables, for as long as it takes. */
function withoutTimeLimits(connectionString: string): string {
  const url = new URL(connectionString)
  for (const name of Object.keys(timeLimits)) url.searchParams.delete(name)
  return url.toString()
}

class PostgresDriver implements Driver {
  readonly #pool: PostgresPool
  readonly #projectId: string

  constructor(pool: PostgresPool, projectId: string) {
    this.#pool = pool
    this.#projectId = projectId
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(this.#pool, await this.#pool.acquire(), this.#projectId)
  }

  async beginTransaction(connection: PostgresConnection, { isolationLevel }: TransactionSettings): Promise<void> {
    await connection.begin(isolationLevel ? `begin isolation level ${isolationLevel}` : 'begin')
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.commit()
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    await connection.rollback()
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
  }

  /** The pools are shared by all projects and closed by their owner. */
  async destroy(): Promise<void> {}
}
