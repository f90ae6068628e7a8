import { exitCodes } from './exit.ts'
import type { Terminal } from './terminal.ts'

const longestDrainMs = 30_000

/**
 * Ends the process on SIGTERM and SIGINT, once `close` has finished what was begun. A second signal, or more than
 * 30 seconds, ends it at once.
 */
export function onStop(close: () => Promise<void>, terminal?: Terminal) {
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return void (signal === 'SIGINT' && process.exit(exitCodes.failed))
    stopping = true
    setTimeout(() => process.exit(exitCodes.failed), longestDrainMs).unref()
    close().then(
      () => process.exit(exitCodes.done),
      (error: Error) => {
        terminal?.err(`error ${error.message}`)
        process.exit(exitCodes.failed)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
