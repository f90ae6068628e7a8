import { availableParallelism } from 'node:os'
import { ApiError } from '@latchkey/api'

export interface Limiter {
  <T>(work: () => Promise<T>): Promise<T>
  /** The current number of running and waiting operations. */
  load(): { running: number; waiting: number }
}

/**
 * Runs at most `concurrency` operations at a time and queues up to `queueLimit` more, in order of arrival. Rejects with
 * 503 if the queue is full.
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
      // The slot is passed directly to the next queued operation, so that a new one cannot overtake it.
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
 * One limiter per process, because the process has a single libuv thread pool. One thread remains available for file
 * system and DNS operations. More than one hash per core would only slow down all of them.
 */
export const limitHashing = createLimiter({
  concurrency: Math.max(1, Math.min(libuvThreads() - 1, availableParallelism())),
  queueLimit: 256,
})

function libuvThreads(): number {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4)
  return Number.isInteger(threads) && threads > 0 ? threads : 4
}
