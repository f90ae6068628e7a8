import { availableParallelism } from 'node:os'
import { ApiError } from '@latchkey/api'
import { Queue, type Turn } from './queue.ts'

export type { Turn } from './queue.ts'

export interface Limiter {
  <T>(work: () => Promise<T>, turn?: Turn): Promise<T>
  /**
   * Rejects with the 503 with which an operation would be refused now. Called before what an operation needs is read
   * and written, so that a refusal costs little.
   */
  requireRoom(turn?: Turn): Promise<void>
  /** The current number of running and waiting operations. */
  load(): { running: number; waiting: number }
}

export interface LimiterOptions {
  concurrency: number
  /** The maximum number of waiting operations, in total (without sign-ups, for the others) and per client. */
  queueLimit: number
  clientLimit: number
  /** The longest wait, in milliseconds. */
  maxWaitMs: number
}

/** A refusal is delayed, so that clients which repeat it at once do not use the time of those who are served. */
const refusalDelayMs = 250
/** As many refusals are delayed at a time; they keep their connections and requests in memory. */
const maxDelayedRefusals = 1000

/**
 * Runs at most `concurrency` operations at a time; others wait: sign-ups after sign-ins, and imports after both, each
 * group in order of arrival. Rejects with 503, a quarter of a second later, if the queue is full or the wait would be
 * longer than permitted; and after the longest wait. An operation whose signal is aborted leaves the queue.
 */
export function createLimiter({ concurrency, queueLimit, clientLimit, maxWaitMs }: LimiterOptions): Limiter {
  let running = 0
  /** A moving average of the duration of operations. */
  let averageMs = 0
  let delayedRefusals = 0
  const queue = new Queue({ maxWaitMs, busy, abandoned: abandonedError })

  const mustRefuse = (turn: Turn): boolean => {
    if (running < concurrency || turn.kind === 'import') return false
    const ahead = queue.ahead(turn)
    if (ahead >= queueLimit || queue.waitingOf(turn.client) >= clientLimit) return true
    return ((ahead + 1) * averageMs) / concurrency > maxWaitMs
  }

  const refuse = async (): Promise<never> => {
    if (delayedRefusals < maxDelayedRefusals) {
      delayedRefusals++
      await new Promise((resolve) => setTimeout(resolve, refusalDelayMs))
      delayedRefusals--
    }
    throw busy()
  }

  const requireRoom = async (turn: Turn = {}): Promise<void> => {
    if (mustRefuse(turn)) await refuse()
  }

  const limiter = async <T>(work: () => Promise<T>, turn: Turn = {}): Promise<T> => {
    if (mustRefuse(turn)) await refuse()
    if (running >= concurrency) await queue.wait(turn)
    else running++
    const start = performance.now()
    try {
      return await work()
    } finally {
      averageMs += (performance.now() - start - averageMs) / 8
      // The slot is passed directly to the next waiting operation, so that a new one cannot overtake it.
      if (!queue.startNext()) running--
    }
  }
  return Object.assign(limiter, { requireRoom, load: () => ({ running, waiting: queue.size }) })
}

function busy(): ApiError {
  return ApiError.unavailable({
    reason: 'Too many people are signing in at once.',
    headers: { 'retry-after': '1' },
  })
}

/** Nobody reads this error, because the client has closed the connection. */
function abandonedError(): ApiError {
  return ApiError.unavailable({ reason: 'The client did not wait for the result.' })
}

/**
 * One limiter per process, because the process has a single libuv thread pool. One thread remains available for file
 * system and DNS operations. More than one hash per core would only slow down all of them.
 */
export const limitHashing = createLimiter({
  concurrency: Math.max(1, Math.min(libuvThreads() - 1, availableParallelism())),
  queueLimit: 256,
  clientLimit: 64,
  // With the operation itself, the response takes at most two seconds on common machines.
  maxWaitMs: 1750,
})

function libuvThreads(): number {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4)
  return Number.isInteger(threads) && threads > 0 ? threads : 4
}
