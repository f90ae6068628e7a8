import cluster from 'node:cluster'
import type { Transport } from './notify.ts'

/** What workers of one leader send to it, and it to the others. */
export interface WorkerMessage {
  readonly notify: string
}

export function isWorkerMessage(message: unknown): message is WorkerMessage {
  return typeof message === 'object' && message !== null && typeof (message as WorkerMessage).notify === 'string'
}

/** Messages between the workers of one leader (`serve --workers N`), which passes them on; undefined elsewhere. */
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
