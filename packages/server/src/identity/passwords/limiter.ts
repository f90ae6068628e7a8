import { availableParallelism } from 'node:os'
import { ApiError } from '@latchkey/api'

export interface Limiter {
  <T>(work: () => Promise<T>): Promise<T>
  /** How much is done and how much waits just now. */
  load(): { running: number; waiting: number }
}

/**
 * Runs at most `concurrency` pieces of work at a time and lets `queueLimit` more wait, first come, first served.
 * Beyond that it rejects with 503 at once.
 */
export function createLimiter({ concurrency, queueLimit }: { concurrency: number; queueLimit: number }): Limiter {
  let running = 0
  const waiting: (() => void)[] = []
  const limiter = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= queueLimit) throw busy()
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      // The place passes straight to the next in line, so that nobody who comes now can slip in before them.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
  return Object.assign(limiter, { load: () => ({ running, waiting: waiting.length }) })
}

function busy(): ApiError {
  return ApiError.unavailable({
    reason: 'Too many people are signing in at once.',
    headers: { 'retry-after': '1' },
  })
}

/**
 * One line for the whole process, as libuv's threads are one pool for the whole process. One thread stays free for
 * files, DNS and timers' work; more than one hash a core would only slow all of them down.
 */
export const limitHashing = createLimiter({
  concurrency: Math.max(1, Math.min(libuvThreads() - 1, availableParallelism())),
  queueLimit: 256,
})

function libuvThreads(): number {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4)
  return Number.isInteger(threads) && threads > 0 ? threads : 4
}
