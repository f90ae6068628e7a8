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
export function postgresTransport(dsn: string, { log, sender }: { log: Logger; sender: string }): Transport {
  const waiting = new Set<string>()
  let handlers = { message: (_text: string) => {}, lost: () => {} }
  let client: pg.Client | undefined
  let closed = false
  let retryMs = firstRetryMs
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined

  const connect = async (again: boolean) => {
    const made = new pg.Client({ connectionString: parsePostgresDsn(dsn).connectionString, keepAlive: true })
    const broken = () => {
      if (client === made) client = undefined
      retry()
    }
    // A connection that breaks reports it more than once.
    made.on('error', broken).on('end', broken)
    made.on('notification', ({ payload = '' }) => {
      const at = payload.indexOf(' ')
      if (payload.slice(0, at) !== sender) handlers.message(payload.slice(at + 1))
    })
    await made.connect()
    await made.query(`listen ${channel}`)
    if (closed) return made.end()
    client = made
    retryMs = firstRetryMs
    if (again) handlers.lost()
    flush()
  }
  const retry = () => {
    if (closed || timer) return
    timer = setTimeout(() => {
      timer = undefined
      connect(true).catch((error: unknown) => {
        log.warn({ err: error }, 'other processes cannot be heard')
        retry()
      })
    }, retryMs).unref()
    retryMs = Math.min(retryMs * 2, lastRetryMs)
  }
  const flush = () => {
    if (sending || !client || waiting.size === 0) return
    const texts = [...waiting].map((text) => `${sender} ${text}`)
    waiting.clear()
    sending = client
      .query(`select pg_notify('${channel}', text) from unnest($1::text[]) as text`, [texts])
      // A connection that breaks is noticed by itself.
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        sending = undefined
        flush()
      })
  }
  return {
    reachesAll: true,
    send(text) {
      if (closed || waiting.size >= mostWaiting || Buffer.byteLength(text) + sender.length >= longestMessage) return
      waiting.add(text)
      // What happens in the same moment goes together.
      setImmediate(flush)
    },
    async receive(given) {
      handlers = given
      await connect(false).catch(() => retry())
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await sending
      await client?.end()
    },
  }
}
