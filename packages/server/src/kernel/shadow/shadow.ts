import type { Logger } from 'pino'
import type { Fetch } from '../fetch.ts'
import type { Observed, Observer } from '../http/index.ts'
import { differingPlaces } from './compare.ts'

/** The addresses of the server that is asked too, by listener. */
export interface ShadowTargets {
  readonly public?: string | undefined
  readonly admin?: string | undefined
}

/** What came of the requests that were compared. */
export type ShadowOutcome = 'same' | 'different' | 'failed' | 'skipped'

export interface Shadow {
  observe(listener: keyof ShadowTargets): Observer | undefined
  /** How many requests had each outcome. */
  counts(): Record<ShadowOutcome, number>
}

/** Reads that change nothing on the other server. Flows are left out: to create one is a write. */
const compared = /^\/(sessions|schemas|identities|courier|admin\/(identities|sessions|courier))(\/|$)/
const forwarded = ['accept', 'authorization', 'cookie', 'x-session-token'] as const

/** What is compared at the same time, and what waits; anything more is skipped, so that no request is slowed down. */
const maxAtOnce = 4
const maxWaiting = 100
const timeoutMs = 5000
const maxBytes = 1 << 20
/** Each kind of difference is logged once. */
const maxKinds = 1000

/**
 * Sends the reads that this server has answered to another one as well, and reports where the responses differ. The
 * other server gets the credentials of the request.
 */
export function createShadow(targets: ShadowTargets, options: { fetch: Fetch; log: Logger }): Shadow {
  const comparison = new Comparison(options)
  return {
    counts: () => ({ ...comparison.counts }),
    observe(listener) {
      const origin = targets[listener]?.replace(/\/$/, '')
      if (origin === undefined) return undefined
      return (seen) => {
        if (seen.method === 'GET' && seen.call && compared.test(seen.call.path)) comparison.add(origin, seen)
      }
    },
  }
}

/** Requests that wait to be compared, and what came of those before. */
class Comparison {
  readonly counts: Record<ShadowOutcome, number> = { same: 0, different: 0, failed: 0, skipped: 0 }
  readonly #kinds = new Set<string>()
  readonly #waiting: { origin: string; seen: Observed }[] = []
  #running = 0
  readonly #fetch: Fetch
  readonly #log: Logger

  constructor({ fetch, log }: { fetch: Fetch; log: Logger }) {
    this.#fetch = fetch
    this.#log = log
  }

  add(origin: string, seen: Observed): void {
    if (this.#waiting.length >= maxWaiting) {
      this.counts.skipped++
      return
    }
    this.#waiting.push({ origin, seen })
    if (this.#running < maxAtOnce) void this.#work()
  }

  async #work(): Promise<void> {
    this.#running++
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { origin, seen } = next
      const path = seen.route?.path ?? 'none'
      try {
        const places = await this.#differences(origin, seen)
        this.counts[places.length === 0 ? 'same' : 'different']++
        if (places.length > 0) this.#report({ path, places })
      } catch (error) {
        this.counts.failed++
        this.#report({ path, places: [error instanceof Error ? error.message : 'failed'] })
      }
    }
    this.#running--
  }

  async #differences(origin: string, { call, reply }: Observed): Promise<string[]> {
    if (!call || !reply) return []
    const headers: Record<string, string> = {}
    for (const name of forwarded) {
      const value = call.header(name)
      if (value !== undefined) headers[name] = value
    }
    const init = { method: 'GET', headers, timeoutMs, maxBytes, maxRedirects: 0, allowPrivate: true }
    const theirs = await this.#fetch(`${origin}${call.target}`, init)
    if (theirs.status !== reply.status) return [`status ${theirs.status} there, ${reply.status} here`]
    return differingPlaces(bodyOf(reply), parse(theirs.text))
  }

  #report(kind: { path: string; places: string[] }): void {
    const key = JSON.stringify(kind)
    if (this.#kinds.has(key) || this.#kinds.size >= maxKinds) return
    this.#kinds.add(key)
    this.#log.warn({ shadow: kind }, 'the other server answers differently')
  }
}

function bodyOf({ body, text }: NonNullable<Observed['reply']>): unknown {
  return text === undefined ? JSON.parse(JSON.stringify(body ?? null)) : parse(String(text))
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return text
  }
}
