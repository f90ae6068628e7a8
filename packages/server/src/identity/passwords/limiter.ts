import { availableParallelism } from 'node:os'
import { ApiError } from '@latchkey/api'

/** How an operation waits. */
export interface Turn {
  /**
   * Sign-ups run after sign-ins and changes of passwords, so that they cannot keep people from signing in. Imports run
   * after both; they wait as long as they have to, and do not count as waiting.
   */
  readonly kind?: 'sign-up' | 'import'
  /** On whose behalf: the number of waiting operations of one client is limited. */
  readonly client?: string
  /** Aborted when nobody waits for the result any more. */
  readonly signal?: AbortSignal
}

export interface Limiter {
  <T>(work: () => Promise<T>, turn?: Turn): Promise<T>
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

interface Waiting {
  readonly turn: Turn
  start(): void
  reject(error: Error): void
}

/**
 * Runs at most `concurrency` operations at a time; others wait: sign-ups after sign-ins, and imports after both,
 * each group in order of arrival. Rejects with 503 if the queue is full, as soon as the wait would be longer than permitted, and after that
 * time. An operation whose signal is aborted leaves the queue.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { concurrency, queueLimit, clientLimit, maxWaitMs } = options
  let running = 0
  /** A moving average of the duration of operations. */
  let averageMs = 0
  const first = new Set<Waiting>()
  const signUps = new Set<Waiting>()
  const imports = new Set<Waiting>()
  const waitingByClient = new Map<string, number>()
  const size = () => first.size + signUps.size

  const mustRefuse = ({ kind, client }: Turn): boolean => {
    if (kind === 'import') return false
    const ahead = kind === 'sign-up' ? size() : first.size
    if (ahead >= queueLimit) return true
    if (client !== undefined && (waitingByClient.get(client) ?? 0) >= clientLimit) return true
    return ((ahead + 1) * averageMs) / concurrency > maxWaitMs
  }

  const wait = (turn: Turn): Promise<void> => {
    if (turn.signal?.aborted) return Promise.reject(abandoned())
    const queue = turn.kind === 'import' ? imports : turn.kind === 'sign-up' ? signUps : first
    return new Promise<void>((resolve, reject) => {
      const leave = () => {
        queue.delete(entry)
        clearTimeout(timer)
        turn.signal?.removeEventListener('abort', onAbort)
        countClient(turn.client, -1)
      }
      const onAbort = () => entry.reject(abandoned())
      const entry: Waiting = {
        turn,
        start: () => {
          leave()
          resolve()
        },
        reject: (error) => {
          leave()
          reject(error)
        },
      }
      const timer = turn.kind === 'import' ? undefined : setTimeout(() => entry.reject(busy()), maxWaitMs)
      turn.signal?.addEventListener('abort', onAbort)
      queue.add(entry)
      countClient(turn.client, 1)
    })
  }

  const countClient = (client: string | undefined, change: number): void => {
    if (client === undefined) return
    const count = (waitingByClient.get(client) ?? 0) + change
    if (count > 0) waitingByClient.set(client, count)
    else waitingByClient.delete(client)
  }

  const limiter = async <T>(work: () => Promise<T>, turn: Turn = {}): Promise<T> => {
    if (running >= concurrency) {
      if (mustRefuse(turn)) throw busy()
      await wait(turn)
    } else running++
    const start = performance.now()
    try {
      return await work()
    } finally {
      averageMs += (performance.now() - start - averageMs) / 8
      // The slot is passed directly to the next waiting operation, so that a new one cannot overtake it.
      const [next] = [first, signUps, imports].find((queue) => queue.size > 0) ?? []
      if (next) next.start()
      else running--
    }
  }
  return Object.assign(limiter, { load: () => ({ running, waiting: size() }) })
}

function busy(): ApiError {
  return ApiError.unavailable({
    reason: 'Too many people are signing in at once.',
    headers: { 'retry-after': '1' },
  })
}

/** Nobody reads this error, because the client has closed the connection. */
function abandoned(): ApiError {
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
  maxWaitMs: 2000,
})

function libuvThreads(): number {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4)
  return Number.isInteger(threads) && threads > 0 ? threads : 4
}
