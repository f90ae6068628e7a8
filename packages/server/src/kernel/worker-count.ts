import cluster from 'node:cluster'

/** How many workers serve the listeners of this server, of how many that should. */
export interface WorkerCount {
  readonly listening: number
  readonly wanted: number
}

/** A message from the primary process to a worker. */
export interface WorkerCountMessage {
  readonly workers: WorkerCount
}

export interface Workers {
  count(): WorkerCount
  /** Whether workers have been missing for longer than their restart takes. */
  areMissing(): boolean
  stop(): void
}

const restartMs = 5000

/** Tracks the workers, as the primary process reports them; without workers, this process is the only one. */
export function trackWorkers(): Workers {
  let count: WorkerCount = { listening: 1, wanted: 1 }
  let completeAt = performance.now()
  const isComplete = () => count.listening >= count.wanted
  const receive = (message: unknown) => {
    if (!isWorkerCount(message)) return
    if (isComplete()) completeAt = performance.now()
    count = message.workers
  }
  if (cluster.isWorker) process.on('message', receive)
  return {
    count: () => count,
    areMissing: () => !isComplete() && performance.now() - completeAt > restartMs,
    stop: () => void process.off('message', receive),
  }
}

function isWorkerCount(message: unknown): message is WorkerCountMessage {
  return typeof message === 'object' && message !== null && 'workers' in message
}
