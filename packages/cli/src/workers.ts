import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { isWorkerMessage, type WorkerMessage } from '@latchkey/server'

export interface Workers {
  /** The addresses on which the workers listen. */
  readonly addresses: readonly string[]
  /** Sends a message to all workers, as if another worker had sent it. */
  broadcast(message: WorkerMessage): void
  /** Asks each worker to complete its pending requests, and waits until all have exited. */
  close(): Promise<void>
}

/** A worker that exits sooner than this counts as failed to start. */
const minUptimeMs = 5000
const maxFailedStarts = 5

/**
 * Starts processes that run the same command line on the same listeners. A worker that exits is restarted, with
 * exponential backoff if it failed to start; repeated failures end the server. Resolves when all are ready.
 */
export async function startWorkers({ count, onLost }: { count: number; onLost(text: string): void }): Promise<Workers> {
  let closing = false
  let failedStarts = 0
  const start = (): Worker => {
    const worker = cluster.fork()
    const startedAt = performance.now()
    worker.on('message', (message: unknown) => {
      if (!isWorkerMessage(message)) return
      for (const other of liveWorkers()) if (other !== worker) other.send(message)
    })
    worker.once('exit', (code, signal) => {
      if (closing) return
      failedStarts = performance.now() - startedAt < minUptimeMs ? failedStarts + 1 : 0
      const how = signal ?? `code ${code}`
      if (failedStarts >= maxFailedStarts) {
        onLost(`error A worker exited at its start (${how}) ${failedStarts} times in a row; giving up.`)
        process.exit(1)
      }
      onLost(`A worker exited (${how}) and is restarted.`)
      setTimeout(start, failedStarts === 0 ? 0 : 100 * 2 ** failedStarts)
    })
    return worker
  }
  const ready = await Promise.all(Array.from({ length: count }, () => whenReady(start())))
  return {
    addresses: ready[0] ?? [],
    broadcast(message) {
      for (const worker of liveWorkers()) worker.send(message)
    },
    async close() {
      closing = true
      await Promise.all(
        liveWorkers().map(async (worker) => {
          const ended = once(worker, 'exit')
          worker.process.kill('SIGTERM')
          await ended
        }),
      )
    },
  }
}

function liveWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
}

function whenReady(worker: Worker): Promise<string[]> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: { ready?: string[] }) => {
      if (message.ready) resolve(message.ready)
    })
    worker.once('exit', () => reject(new Error('A worker could not start; see its output above.')))
  })
}
