import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
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
