import { Worker } from 'node:worker_threads'

const script = new URL('../../../gotools/worker.mjs', import.meta.url)

/** A request as JSON text, and the date that it sees, in milliseconds. */
export interface ThreadRequest {
  readonly text: string
  readonly date: number
}

/** The answer to a request, and the size of the memory of the evaluator, which never shrinks. */
export interface ThreadAnswer {
  readonly answer: string
  readonly memoryBytes: number
}

/** The thread was stopped, or ended by itself. */
export class ThreadEnded extends Error {}

/** A thread that answers requests, one after the other. */
export interface Thread {
  /** Resolves when the thread is ready. Only a thread that somebody waits for keeps the process running. */
  whenReady(): Promise<void>
  /** @throws ThreadEnded */
  run(request: ThreadRequest): Promise<ThreadAnswer>
  isAlive(): boolean
  stop(): void
}

/**
 * Starts a thread without the environment of the process. The memory of the evaluator is limited in its module; the
 * limits here are those of the little JavaScript around it.
 */
export function openThread(module: WebAssembly.Module): Thread {
  const worker = new Worker(script, {
    workerData: module,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
  })
  let isAlive = true
  let pending: { resolve: (message: ThreadAnswer) => void; reject: (error: Error) => void } | undefined
  const receive = async () => {
    worker.ref()
    try {
      return await new Promise<ThreadAnswer>((resolve, reject) => {
        pending = { resolve, reject }
      })
    } finally {
      pending = undefined
      worker.unref()
    }
  }
  const end = (cause?: unknown) => {
    isAlive = false
    pending?.reject(new ThreadEnded('the evaluator ended', { cause }))
  }
  worker.on('message', (message: ThreadAnswer) => pending?.resolve(message))
  worker.on('error', end)
  worker.on('exit', () => end())
  const ready = receive()
  worker.unref()
  // A thread that fails while nobody waits for it is found out by the next evaluation.
  ready.catch(() => undefined)
  return {
    async whenReady() {
      if (pending) worker.ref()
      await ready
    },
    run(request) {
      if (!isAlive) return Promise.reject(new ThreadEnded('the evaluator has ended'))
      worker.postMessage(request)
      return receive()
    },
    isAlive: () => isAlive,
    stop() {
      end()
      void worker.terminate()
    },
  }
}
