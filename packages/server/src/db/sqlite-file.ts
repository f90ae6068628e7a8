import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import type { QueryResult } from 'kysely'
import { isBusy } from './busy-retry.ts'
import { SqliteLog } from './sqlite-log.ts'
import { unavailableFrom } from './unavailable.ts'

/** The connection, its compiled statements, and the queue of pending transactions. */
export class SqliteFile {
  readonly #db: DatabaseSyncInstance
  readonly #statements = new Map<string, Prepared>()
  #turn: Promise<void> = Promise.resolve()
  #busy = 0
  #isInTransaction = false
  #hasWritten = false
  /** Undefined for a database in memory, and where SQLite waits for the disk itself. */
  #log: SqliteLog | undefined
  readonly readOnly: boolean

  constructor(db: DatabaseSyncInstance, { path, readOnly }: { path: string | undefined; readOnly: boolean }) {
    this.#db = db
    this.readOnly = readOnly
    if (readOnly) return
    // Page cache and memory-mapped reads, sized for a small server.
    db.exec('PRAGMA busy_timeout = 5000')
    const [mode] = db.prepare('PRAGMA journal_mode = WAL').all() as { journal_mode: string }[]
    if (path && mode?.journal_mode === 'wal') this.#log = new SqliteLog(`${path}-wal`)
    db.exec(`PRAGMA synchronous = ${this.#log ? 'NORMAL' : 'FULL'}`)
    db.exec('PRAGMA foreign_keys = ON')
    db.exec('PRAGMA cache_size = -8192')
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
    this.#hasWritten = false
  }

  /** Ends the transaction. Returns whether a commit must be flushed to be durable. */
  end(how: 'commit' | 'rollback'): boolean {
    this.#isInTransaction = false
    // After some errors, such as a full disk, SQLite has rolled back by itself.
    if (!this.#db.isTransaction) {
      if (how === 'commit') throw new Error('A transaction was committed after SQLite had rolled it back.')
      return false
    }
    try {
      this.#db.exec(how)
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback')
      throw error
    }
    return how === 'commit' && this.#hasWritten && this.#log !== undefined
  }

  /** Resolves when all that was committed before is on the disk. */
  async flush(): Promise<void> {
    await this.#log?.flush()
  }

  async close(): Promise<void> {
    await this.#log?.close()
    this.#statements.clear()
    // Compiled statements outlive the connection until they are collected, which prevents SQLite's clean-up on close.
    try {
      if (!this.readOnly) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The log remains for the next start, such as when the disk is full.
    }
    this.#db.close()
  }

  /** Whether a statement must be flushed to be durable. */
  needsFlush(sql: string): boolean {
    return this.#log !== undefined && this.#prepare(sql).writes
  }

  /**
   * Executes one statement outside a transaction, or returns undefined if the statement must wait: a write for those before it and for other processes, a read only
   * for an open transaction of this process.
   */
  runAtOnce(sql: string, parameters: readonly unknown[]): QueryResult<unknown> | undefined {
    try {
      if (!this.idle && (this.#isInTransaction || this.#prepare(sql).writes)) return undefined
      return this.all(sql, parameters)
    } catch (error) {
      if (isBusy(error)) return undefined
      throw unavailableFrom(error)
    }
  }

  /** Executes a statement of the open transaction. */
  runInTransaction(sql: string, parameters: readonly unknown[]): QueryResult<unknown> {
    if (!this.#db.isTransaction) throw new Error('SQLite has rolled the transaction back.')
    this.#hasWritten ||= this.#prepare(sql).writes
    return this.all(sql, parameters)
  }

  /** Executes one statement. The caller has acquired the lock. */
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
