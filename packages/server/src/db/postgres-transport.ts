import pg from 'pg'
import type { Logger } from 'pino'
import type { Transport } from '../kernel/notify.ts'
import { parsePostgresDsn } from './postgres-dsn.ts'

const channel = 'latchkey'
/** PostgreSQL takes less than 8,000 bytes. */
const longestMessage = 7900
/** Messages that wait for their sending; more are dropped, since they are hints. */
const mostWaiting = 10_000
const firstRetryMs = 100
const lastRetryMs = 10_000

/**
 * Messages between all processes on one PostgreSQL database, by LISTEN and NOTIFY on a connection of its own. A connection
 * that breaks is made again, and then what was missed meanwhile is reported as lost.
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
    // What happens in the same moment goes together.
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
    const client = new pg.Client({ connectionString: parsePostgresDsn(this.#dsn).connectionString, keepAlive: true })
    const broken = () => {
      if (this.#client === client) this.#client = undefined
      this.#retry()
    }
    // A connection that breaks reports it more than once.
    client.on('error', broken).on('end', broken)
    client.on('notification', ({ payload = '' }) => {
      const at = payload.indexOf(' ')
      if (payload.slice(0, at) !== this.#sender) this.#handlers.message(payload.slice(at + 1))
    })
    await client.connect()
    await client.query(`listen ${channel}`)
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
    // A connection that breaks is noticed by itself.
    this.#sending = sent.then(done, done)
  }
}
