import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { UnavailableError } from '../kernel/unavailable.ts'
import { busyTimeoutMs, retryWhileBusy } from './busy-retry.ts'
import type { SqliteFile } from './sqlite-file.ts'
import { unavailableFrom } from './unavailable.ts'

export class SqliteDriver implements Driver {
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
    await connection.commit()
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    connection.rollback()
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
    this.#release = await this.#acquire(() => this.#file.begin())
  }

  /** Others go on with the file while this transaction waits for the disk. */
  async commit(): Promise<void> {
    if (this.#end('commit') && !this.#asyncCommit) await this.#flush()
  }

  rollback(): void {
    this.#end('rollback')
  }

  #end(how: 'commit' | 'rollback'): boolean {
    const release = this.#release
    // A failed commit has already been rolled back here.
    if (!release) return false
    this.#release = undefined
    try {
      return this.#file.end(how)
    } catch (error) {
      throw unavailableFrom(error)
    } finally {
      release()
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#release) return this.#inTransaction(sql, parameters) as QueryResult<R>
    const result = this.#file.runAtOnce(sql, parameters) ?? (await this.#runInTurn(sql, parameters))
    if (!this.#asyncCommit && this.#file.needsFlush(sql)) await this.#flush()
    return result as QueryResult<R>
  }

  async #runInTurn(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>> {
    let result: QueryResult<unknown> = { rows: [] }
    const release = await this.#acquire(() => {
      result = this.#file.all(sql, parameters)
    })
    release()
    return result
  }

  async #flush(): Promise<void> {
    try {
      await this.#file.flush()
    } catch (error) {
      throw new UnavailableError('The database is temporarily unavailable.', { cause: error })
    }
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
