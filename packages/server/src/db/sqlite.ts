import { existsSync } from 'node:fs'
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import type { ProjectDatabase } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'
import { busyTimeoutMs, isBusy, retryWhileBusy } from './busy-retry.ts'
import type { Database, OpenOptions } from './database.ts'
import { setDirect } from './direct.ts'
import { openFile } from './engine.ts'
import { PlanKeepingCompiler } from './plan-keeping.ts'
import { assignProject } from './project-of.ts'
import { ProjectPlugin } from './project-plugin.ts'
import { prepareFile } from './sqlite-file-mode.ts'
import { unavailableFrom } from './unavailable.ts'
import { writeProbe } from './write-probe.ts'

/**
 * Opens an SQLite file or an in-memory database. All projects share one connection, since its calls are synchronous.
 */
export function openSqlite(path: string | undefined, { readOnly = false }: OpenOptions = {}): Database {
  if (readOnly && !(path && existsSync(path))) throw new Error(`There is no database ${path ?? 'in memory'} to read.`)
  if (path && !readOnly) prepareFile(path)
  const file = new SqliteFile(openFile(path ?? ':memory:', { readOnly }), readOnly)
  const database = (asyncCommit: boolean, projectId?: string): ProjectDatabase => {
    const db = new Kysely<Tables>({
      dialect: {
        createAdapter: () => assignProject(new SqliteAdapter(), projectId),
        createQueryCompiler: () => new PlanKeepingCompiler(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createDriver: () => new SqliteDriver(file, asyncCommit),
      },
      plugins: projectId ? [new ProjectPlugin(projectId)] : [],
    })
    setDirect(db, (sql, parameters) => file.runAtOnce(sql, parameters, asyncCommit)?.rows)
    return db
  }
  const projects = new LRUCache<string, { db: ProjectDatabase; asyncCommit: ProjectDatabase }>({ max: 1000 })
  const unscoped = database(false)
  return {
    capabilities: { dialect: 'sqlite', rowLocks: false, inProcess: true },
    unscoped,
    project(projectId) {
      const known = projects.get(projectId)
      if (known) return known
      const made = { db: database(false, projectId), asyncCommit: database(true, projectId) }
      projects.set(projectId, made)
      return made
    },
    forMigrations: () => ({ db: unscoped, close: async () => {} }),
    ping: writeProbe(database(true)),
    async close() {
      const release = await file.acquire()
      file.close()
      release()
    },
  }
}

/** The connection, its compiled statements, and the queue of pending transactions. */
class SqliteFile {
  readonly #db: DatabaseSyncInstance
  readonly #statements = new Map<string, Prepared>()
  #turn: Promise<void> = Promise.resolve()
  #busy = 0
  #durable = true
  #isInTransaction = false
  readonly readOnly: boolean

  constructor(db: DatabaseSyncInstance, readOnly: boolean) {
    this.#db = db
    this.readOnly = readOnly
    if (readOnly) return
    // Page cache and memory-mapped reads, sized for a small server.
    db.exec('PRAGMA busy_timeout = 5000')
    db.exec('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA synchronous = FULL')
    db.exec('PRAGMA foreign_keys = ON')
    db.exec('PRAGMA cache_size = -65536')
    db.exec('PRAGMA mmap_size = 268435456')
    db.exec('PRAGMA wal_autocheckpoint = 4000')
    // SQLite's own busy handler blocks the event loop, so it waits only briefly; `retryWhileBusy` does the rest.
    db.exec('PRAGMA busy_timeout = 20')
  }

  /** Acquires the lock; the returned function releases it. */
  acquire(): Promise<() => void> {
    const before = this.#turn
    let release!: () => void
    this.#turn = new Promise((resolve) => {
      release = resolve
    })
    this.#busy++
    return before.then(() => () => {
      this.#busy--
      release()
    })
  }

  get idle(): boolean {
    return this.#busy === 0
  }

  /** Begins a transaction. The caller has acquired the lock. */
  begin(): void {
    this.#db.exec(this.readOnly ? 'begin' : 'begin immediate')
    this.#isInTransaction = true
  }

  end(how: 'commit' | 'rollback'): void {
    this.#isInTransaction = false
    // After some errors, such as a full disk, SQLite has rolled back by itself.
    if (!this.#db.isTransaction) {
      if (how === 'commit') throw new Error('A transaction was committed after SQLite had rolled it back.')
      return
    }
    try {
      this.#db.exec(how)
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback')
      throw error
    }
  }

  close(): void {
    this.#statements.clear()
    // Compiled statements outlive the connection until they are collected, which prevents SQLite's clean-up on close.
    try {
      if (!this.readOnly) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The log remains for the next start, such as when the disk is full.
    }
    this.#db.close()
  }

  /** Executes one statement outside a transaction; with `asyncCommit`, writes do not wait for the disk. */
  run(sql: string, parameters: readonly unknown[], asyncCommit: boolean): QueryResult<unknown> {
    if (this.#prepare(sql).writes) this.durable(!asyncCommit)
    return this.all(sql, parameters)
  }

  /**
   * The same, or undefined if the statement must wait: a write for those before it and for other processes, a read only
   * for an open transaction of this process.
   */
  runAtOnce(sql: string, parameters: readonly unknown[], asyncCommit: boolean): QueryResult<unknown> | undefined {
    try {
      if (!this.idle && (this.#isInTransaction || this.#prepare(sql).writes)) return undefined
      return this.run(sql, parameters, asyncCommit)
    } catch (error) {
      if (isBusy(error)) return undefined
      throw unavailableFrom(error)
    }
  }

  /** Executes a statement of the open transaction. */
  runInTransaction(sql: string, parameters: readonly unknown[]): QueryResult<unknown> {
    if (!this.#db.isTransaction) throw new Error('SQLite has rolled the transaction back.')
    return this.all(sql, parameters)
  }

  /** Sets whether subsequent writes wait for the disk. */
  durable(wanted: boolean): void {
    if (this.#durable === wanted || this.readOnly) return
    this.#db.exec(`PRAGMA synchronous = ${wanted ? 'FULL' : 'NORMAL'}`)
    this.#durable = wanted
  }

  all(sql: string, parameters: readonly unknown[]): QueryResult<unknown> {
    const { statement, columns, returns } = this.#prepare(sql)
    const values = parameters.map(bindable)
    if (returns) return { rows: statement.all(...values).map((row) => toRow(columns, row as unknown[])) }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    if (this.#statements.size >= 1000) this.#statements.clear()
    const statement = this.#db.prepare(sql)
    const columns = statement.columns().map(({ name }) => name)
    // Rows are fetched as arrays and converted here: objects from the driver take 50% longer.
    statement.setReturnArrays(true)
    const made = { statement, columns, returns: columns.length > 0, writes: !/^\s*select\b/i.test(sql) }
    this.#statements.set(sql, made)
    return made
  }
}

function toRow(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  columns.forEach((name, i) => {
    row[name] = values[i]
  })
  return row
}

interface Prepared {
  readonly statement: StatementSyncInstance
  readonly columns: readonly string[]
  /** Whether it returns rows, which includes writes with RETURNING. */
  readonly returns: boolean
  readonly writes: boolean
}

function bindable(value: unknown): string | number | bigint | null | Uint8Array {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  return value as string | number | bigint | Uint8Array
}

class SqliteDriver implements Driver {
  readonly #file: SqliteFile
  readonly #asyncCommit: boolean
  /** Executes single statements while no transaction is open, without queueing. */
  readonly #direct: SqliteConnection

  constructor(file: SqliteFile, asyncCommit: boolean) {
    this.#file = file
    this.#asyncCommit = asyncCommit
    this.#direct = new SqliteConnection(file, asyncCommit)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#direct.isFree ? this.#direct : new SqliteConnection(this.#file, this.#asyncCommit)
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    connection.end('commit')
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    connection.end('rollback')
  }

  async releaseConnection(): Promise<void> {}

  /** The file is shared by all projects and closed by its owner. */
  async destroy(): Promise<void> {}
}

class SqliteConnection implements DatabaseConnection {
  readonly #file: SqliteFile
  readonly #asyncCommit: boolean
  #release: (() => void) | undefined

  constructor(file: SqliteFile, asyncCommit: boolean) {
    this.#file = file
    this.#asyncCommit = asyncCommit
  }

  /** Whether the connection is free: neither in a transaction nor about to begin one. */
  get isFree(): boolean {
    return this.#release === undefined && this.#file.idle
  }

  async begin(): Promise<void> {
    this.#release = await this.#acquire(() => {
      this.#file.durable(!this.#asyncCommit)
      this.#file.begin()
    })
  }

  end(how: 'commit' | 'rollback'): void {
    const release = this.#release
    // A failed commit has already been rolled back here.
    if (!release) return
    this.#release = undefined
    try {
      this.#file.end(how)
    } catch (error) {
      throw unavailableFrom(error)
    } finally {
      release()
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#release) return this.#inTransaction(sql, parameters) as QueryResult<R>
    const atOnce = this.#file.runAtOnce(sql, parameters, this.#asyncCommit)
    if (atOnce) return atOnce as QueryResult<R>
    let result: QueryResult<unknown> = { rows: [] }
    const release = await this.#acquire(() => {
      result = this.#file.run(sql, parameters, this.#asyncCommit)
    })
    release()
    return result as QueryResult<R>
  }

  #inTransaction(sql: string, parameters: readonly unknown[]): QueryResult<unknown> {
    try {
      return this.#file.runInTransaction(sql, parameters)
    } catch (error) {
      throw unavailableFrom(error)
    }
  }

  /** Waits for the lock of the file, within this process and between processes, and runs `first`. Returns its release. */
  async #acquire(first: () => void): Promise<() => void> {
    const until = performance.now() + busyTimeoutMs
    const release = await this.#file.acquire()
    try {
      await retryWhileBusy(first, until)
      return release
    } catch (error) {
      release()
      throw unavailableFrom(error)
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}
