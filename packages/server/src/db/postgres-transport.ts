import pg from 'pg'
import type { Logger } from 'pino'
import type { Transport } from '../kernel/notify.ts'
import { parsePostgresDsn } from './postgres-dsn.ts'

const channel = 'latchkey'
/** PostgreSQL limits a payload to less than 8,000 bytes. */
const longestMessage = 7900
/** The maximum number of messages waiting to be sent. Further ones are dropped, since messages are only hints. */
const mostWaiting = 10_000
const firstRetryMs = 100
const lastRetryMs = 1000
const connectMs = 5000

/**
 * Sends messages between all processes on one PostgreSQL database with LISTEN and NOTIFY on a dedicated connection. It
 * reconnects after a failure and then reports that messages may have been lost.
 */
export function postgresTransport(dsn: string, options: { log: Logger; sender: string }): Transport {
  return new PostgresTransport(dsn, options)
}

type Handlers = Parameters<Transport['receive']>[0]

class PostgresTransport implements Transport {
  readonly reachesAll = true
  readonly #dsn: string
  readonly #log: Logger
  readonly #sender: string
  readonly #waiting = new Set<string>()
  #handlers: Handlers = { message: () => {}, lost: () => {} }
  #client: pg.Client | undefined
  #closed = false
  #retryMs = firstRetryMs
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> | undefined

  constructor(dsn: string, { log, sender }: { log: Logger; sender: string }) {
    this.#dsn = dsn
    this.#log = log
    this.#sender = sender
  }

  send(text: string): void {
    const isTooLong = Buffer.byteLength(text) + this.#sender.length >= longestMessage
    if (this.#closed || isTooLong || this.#waiting.size >= mostWaiting) return
    this.#waiting.add(text)
    // Batches messages published in the same tick.
    setImmediate(() => this.#flush())
  }

  async receive(handlers: Handlers): Promise<void> {
    this.#handlers = handlers
    await this.#connect(false).catch(() => this.#retry())
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#sending
    await this.#client?.end()
  }

  async #connect(again: boolean): Promise<void> {
    const client = new pg.Client({
      connectionString: parsePostgresDsn(this.#dsn).connectionString,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    })
    const broken = () => {
      if (this.#client === client) this.#client = undefined
      this.#retry()
    }
    // A failing connection can report its failure more than once.
    client.on('error', broken).on('end', broken)
    client.on('notification', ({ payload = '' }) => {
      const at = payload.indexOf(' ')
      if (payload.slice(0, at) !== this.#sender) this.#handlers.message(payload.slice(at + 1))
    })
    try {
      await client.connect()
      await client.query(`listen ${channel}`)
    } catch (error) {
      // The retry is up to the caller.
      client
        .off('error', broken)
        .off('end', broken)
        .on('error', () => {})
      void client.end()
      throw error
    }
    if (this.#closed) return client.end()
    this.#client = client
    this.#retryMs = firstRetryMs
    if (again) this.#handlers.lost()
    this.#flush()
  }

  #retry(): void {
    if (this.#closed || this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#connect(true).catch((error: unknown) => {
        this.#log.warn({ err: error }, 'other processes cannot be heard')
        this.#retry()
      })
    }, this.#retryMs).unref()
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs)
  }

  #flush(): void {
    if (this.#sending || !this.#client || this.#waiting.size === 0) return
    const texts = [...this.#waiting].map((text) => `${this.#sender} ${text}`)
    this.#waiting.clear()
    const sent = this.#client.query(`select pg_notify('${channel}', text) from unnest($1::text[]) as text`, [texts])
    const done = () => {
      this.#sending = undefined
      this.#flush()
    }
    // Connection failures are handled by the connection's own listeners.
    this.#sending = sent.then(done, done)
  }
}
