import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { isWorkerMessage, type WorkerMessage } from '@latchkey/server'

export interface Workers {
  /** Where the workers listen. */
  readonly addresses: readonly string[]
  /** Sends a message to all, as if another worker had sent it. */
  tell(message: WorkerMessage): void
  /** Asks each to finish what it has begun, and waits until all have ended. */
  close(): Promise<void>
}

/** A worker that lived less than this counts as one that could not start. */
const shortLifeMs = 5000
const mostShortLives = 5

/**
 * Starts processes that run the same command line on the same listeners; one that dies is started again, more slowly
 * when it dies at once, and given up when that repeats. Resolves when all are ready.
 */
export async function startWorkers({ count, onLost }: { count: number; onLost(text: string): void }): Promise<Workers> {
  let closing = false
  let shortLives = 0
  const start = (): Worker => {
    const worker = cluster.fork()
    const bornAt = performance.now()
    worker.on('message', (message: unknown) => {
      if (!isWorkerMessage(message)) return
      for (const other of living()) if (other !== worker) other.send(message)
    })
    worker.once('exit', (code, signal) => {
      if (closing) return
      shortLives = performance.now() - bornAt < shortLifeMs ? shortLives + 1 : 0
      const how = signal ?? `code ${code}`
      if (shortLives >= mostShortLives) {
        onLost(`error A worker ended (${how}) ${shortLives} times in a row at its start; giving up.`)
        process.exit(1)
      }
      onLost(`A worker ended (${how}) and is started again.`)
      setTimeout(start, shortLives === 0 ? 0 : 100 * 2 ** shortLives)
    })
    return worker
  }
  const ready = await Promise.all(Array.from({ length: count }, () => whenReady(start())))
  return {
    addresses: ready[0] ?? [],
    tell(message) {
      for (const worker of living()) worker.send(message)
    },
    async close() {
      closing = true
      await Promise.all(
        living().map(async (worker) => {
          const ended = once(worker, 'exit')
          worker.process.kill('SIGTERM')
          await ended
        }),
      )
    },
  }
}

function living(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
}

function whenReady(worker: Worker): Promise<string[]> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: { ready?: string[] }) => {
      if (message.ready) resolve(message.ready)
    })
    worker.once('exit', () => reject(new Error('A worker could not start; what it wrote says why.')))
  })
}
