import pg from 'pg'
import { isOutOfConnections, unavailableFrom } from './unavailable.ts'

/** How long a request waits for a connection. */
const acquireMs = 5000
/** For how long no further connection is opened after the server had none left. */
const noFurtherMs = 1000
const firstPauseMs = 10
const lastPauseMs = 250

/**
 * The connections of this process to PostgreSQL. A connection that breaks, in use or not, is closed and replaced at the
 * next use. Where the server has no connection left, requests wait for one of those that this process has.
 */
export class PostgresPool {
  readonly #pool: pg.Pool
  readonly #max: number
  readonly #instead: PostgresPool | undefined
  /** Connections that have been released at least once: they can have broken since. */
  readonly #used = new WeakSet<pg.PoolClient>()

  /** `instead` is the pool to use while this one has no connection and can open none. */
  constructor(config: pg.PoolConfig & { max: number }, instead?: PostgresPool) {
    this.#max = config.max
    this.#instead = instead
    // Connections that stay open are there when the server has no further one.
    this.#pool = new pg.Pool({ ...config, min: 1, connectionTimeoutMillis: acquireMs })
    this.#pool.on('error', ignore)
    // The pool listens to idle connections only, and an error of one in use would end the process. Its statements report
    // the error.
    this.#pool.on('connect', (client) => client.on('error', ignore))
  }

  /** @throws UnavailableError */
  async acquire(): Promise<pg.PoolClient> {
    const until = performance.now() + acquireMs
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, lastPauseMs)) {
      try {
        return await this.#pool.connect()
      } catch (error) {
        if (!isOutOfConnections(error) || performance.now() > until) throw unavailableFrom(error)
        this.#openNoFurther()
      }
      if (this.#pool.totalCount > 0) continue
      if (this.#instead) return this.#instead.acquire()
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  /** Whether the connection has not been used before. */
  isFresh(client: pg.PoolClient): boolean {
    return !this.#used.has(client)
  }

  /** Returns a connection; a broken one is closed. */
  release(client: pg.PoolClient, isBroken: boolean): void {
    this.#used.add(client)
    client.release(isBroken)
  }

  async end(): Promise<void> {
    await this.#pool.end()
  }

  /** Requests wait for a connection of a full pool, so the pool is full with those that it has. */
  #openNoFurther(): void {
    const { options, totalCount } = this.#pool
    if (options.max === this.#max) {
      setTimeout(() => {
        options.max = this.#max
      }, noFurtherMs).unref()
    }
    options.max = Math.max(1, totalCount)
  }
}

function ignore(): void {}
