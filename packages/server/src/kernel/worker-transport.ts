import cluster from 'node:cluster'
import type { Transport } from './notify.ts'

/** A message that a worker sends to the primary process, which relays it to the other workers. */
export interface WorkerMessage {
  readonly notify: string
}

export function isWorkerMessage(message: unknown): message is WorkerMessage {
  return typeof message === 'object' && message !== null && typeof (message as WorkerMessage).notify === 'string'
}

/** A transport between workers, relayed by the primary process (`serve --workers N`); undefined without workers. */
export function workerTransport(): Transport | undefined {
  if (!cluster.isWorker) return undefined
  let onMessage = (_message: unknown) => {}
  return {
    // Another process may have the same database file open.
    reachesAll: false,
    send: (text) => void process.send?.({ notify: text } satisfies WorkerMessage),
    async receive({ message }) {
      onMessage = (received) => {
        if (isWorkerMessage(received)) message(received.notify)
      }
      process.on('message', onMessage)
    },
    async close() {
      process.off('message', onMessage)
    },
  }
}
