import { createHash } from 'node:crypto'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import pg from 'pg'
import type { ProjectDatabase } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'
import type { Database, OpenOptions } from './database.ts'
import { parsePostgresDsn } from './postgres-dsn.ts'
import { assignProject } from './project-of.ts'
import { ProjectPlugin } from './project-plugin.ts'

/** The project setting that makes the rows of every project visible. */
const everyProject = '*'

/** Times and counts are 64-bit integers well below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
}

const reading = '-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read'

/** Opens PostgreSQL. `?max_conns=N` limits the number of connections (default 20), as in the originals. */
export function openPostgres(dsn: string, { readOnly = false }: OpenOptions = {}): Database {
  const { connectionString, max } = parsePostgresDsn(dsn)
  const settings = { connectionString, types, connectionTimeoutMillis: 10_000, keepAlive: true, pipeline: true }
  const pool = new pg.Pool({ ...settings, max, ...(readOnly && { options: reading }) })
  const asyncCommitPool = new pg.Pool({
    ...settings,
    max: Math.max(2, Math.ceil(max / 2)),
    options: '-c synchronous_commit=off',
  })
  // The pool replaces a broken idle connection at its next use; without a listener the error would crash the process.
  for (const one of [pool, asyncCommitPool]) one.on('error', () => {})

  const database = (from: pg.Pool, projectId: string): ProjectDatabase =>
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
  return {
    capabilities: { dialect: 'postgres', rowLocks: true, inProcess: false },
    unscoped: database(pool, everyProject),
    project(projectId) {
      const known = projects.get(projectId)
      if (known) return known
      const made = { db: database(pool, projectId), asyncCommit: database(asyncCommitPool, projectId) }
      projects.set(projectId, made)
      return made
    },
    async ping() {
      await pool.query('select 1')
    },
    async close() {
      await Promise.all([pool.end(), asyncCommitPool.end()])
    },
  }
}

class PostgresDriver implements Driver {
  readonly #pool: pg.Pool
  readonly #projectId: string

  constructor(pool: pg.Pool, projectId: string) {
    this.#pool = pool
    this.#projectId = projectId
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(await this.#pool.connect(), this.#projectId)
  }

  async beginTransaction(connection: PostgresConnection, { isolationLevel }: TransactionSettings): Promise<void> {
    await connection.send({ text: isolationLevel ? `begin isolation level ${isolationLevel}` : 'begin' })
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.send({ text: 'commit' })
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    await connection.send({ text: 'rollback' })
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
  }

  /** The pools are shared by all projects and closed by their owner. */
  async destroy(): Promise<void> {}
}

const changeProject = { name: 'project', text: `select set_config('latchkey.project_id', $1, false)` }

/** The names of server-side prepared statements, by SQL text. */
const names = new LRUCache<string, string>({ max: 500 })

function statementName(sql: string): string {
  const known = names.get(sql)
  if (known) return known
  const name = `s${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`
  names.set(sql, name)
  return name
}

/** The project that each pooled connection is currently bound to, for row-level security. */
const currentProject = new WeakMap<pg.PoolClient, string>()

class PostgresConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient
  readonly #projectId: string
  #isBroken = false

  constructor(client: pg.PoolClient, projectId: string) {
    this.#client = client
    this.#projectId = projectId
  }

  /** A connection that is bound to another project changes to this one in the same round trip as the statement. */
  async send(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    if (currentProject.get(this.#client) === this.#projectId) return this.#client.query(statement)
    currentProject.set(this.#client, this.#projectId)
    const [change, answer] = await Promise.allSettled([
      this.#client.query({ ...changeProject, values: [this.#projectId] }),
      this.#client.query(statement),
    ])
    if (change.status === 'rejected') {
      // The statement was executed for another project: its answer is discarded, and so is the connection.
      this.#isBroken = true
      throw change.reason
    }
    if (answer.status === 'rejected') throw answer.reason
    return answer.value
  }

  release(): void {
    this.#client.release(this.#isBroken)
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // DDL has no parameters and is not worth preparing.
    const name = query.parameters.length > 0 && query.sql.length < 4096 ? statementName(query.sql) : undefined
    const result = await this.send({ name, text: query.sql, values: [...query.parameters] })
    const changes = /^(INSERT|UPDATE|DELETE|MERGE)$/.test(result.command ?? '')
    return { rows: result.rows as R[], numAffectedRows: changes ? BigInt(result.rowCount ?? 0) : undefined }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}
