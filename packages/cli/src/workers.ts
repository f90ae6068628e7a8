import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { isWorkerMessage, type Serving, type WorkerCountMessage, type WorkerMessage } from '@latchkey/server'

export interface Workers {
  /** Resolves with their addresses when all workers listen; rejects if they cannot at the first start. */
  readonly listening: Promise<Bound>
  /** Sends a message to all workers, as if another worker had sent it. */
  broadcast(message: WorkerMessage): void
  /** Asks each worker to complete its pending requests, and waits until all have exited. */
  close(): Promise<void>
}

/** What is bound: all addresses, and those that are open to other machines. */
export type Bound = Pick<Serving, 'addresses' | 'openAddresses'>

export interface WorkersOptions {
  readonly count: number
  readonly onLost: (text: string) => void
}

/** Failed starts in a row after which the server gives up, as long as none of its workers has listened. */
const maxFailedStarts = 5
const firstPauseMs = 100
const lastPauseMs = 5000

/**
 * Starts processes that run the same command line on the same listeners. A worker that exits is replaced, with
 * exponential backoff if it had not listened.
 */
export function startWorkers({ count, onLost }: WorkersOptions): Workers {
  let resolve: (bound: Bound) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const allListen = new Promise<Bound>((...settle) => {
    ;[resolve, reject] = settle
  })
  const listening = new Set<Worker>()
  let isClosing = false
  let failedStarts = 0
  let hasStarted = false

  const report = () => {
    const message: WorkerCountMessage = { workers: { listening: listening.size, wanted: count } }
    for (const worker of liveWorkers()) worker.send(message)
  }
  const listens = (worker: Worker, bound: Bound) => {
    failedStarts = 0
    listening.add(worker)
    report()
    if (listening.size < count || hasStarted) return
    hasStarted = true
    resolve(bound)
  }
  const onExit = (worker: Worker, how: string) => {
    const hadListened = listening.delete(worker)
    if (isClosing) return
    report()
    if (!hadListened) failedStarts++
    if (!hasStarted && failedStarts >= maxFailedStarts) {
      isClosing = true
      for (const other of liveWorkers()) other.process.kill('SIGTERM')
      return reject(new Error(`A worker could not start (${how}); see its output above.`))
    }
    const pauseMs = hadListened ? 0 : Math.min(firstPauseMs * 2 ** failedStarts, lastPauseMs)
    onLost(`A worker exited (${how}) and is restarted.`)
    setTimeout(start, pauseMs)
  }
  const start = () => {
    if (isClosing) return
    const worker = cluster.fork()
    worker.on('message', (message: unknown) => {
      if (isReady(message)) return listens(worker, message.ready)
      if (!isWorkerMessage(message)) return
      for (const other of liveWorkers()) if (other !== worker) other.send(message)
    })
    // A worker whose channel breaks while it exits is reported by its exit.
    worker.on('error', () => {})
    worker.once('exit', (code, signal) => onExit(worker, signal ?? `code ${code}`))
  }

  const broadcast = (message: WorkerMessage) => {
    for (const worker of liveWorkers()) worker.send(message)
  }
  const close = async () => {
    isClosing = true
    const ended = liveWorkers().map(async (worker) => {
      const exit = once(worker, 'exit')
      worker.process.kill('SIGTERM')
      await exit
    })
    await Promise.all(ended)
  }
  for (let i = 0; i < count; i++) start()
  return { listening: allListen, broadcast, close }
}

function liveWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected() === true) as Worker[]
}

function isReady(message: unknown): message is { ready: Bound } {
  return typeof message === 'object' && message !== null && 'ready' in message
}
