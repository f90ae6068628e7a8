import { exitCodes } from './exit.ts'
import type { Terminal } from './terminal.ts'

const drainTimeoutMs = 30_000

/**
 * Exits on SIGTERM or SIGINT after `close` has completed pending work; at once on a second SIGINT or after 30 seconds.
 */
export function onStop(close: () => Promise<void>, terminal?: Terminal) {
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return void (signal === 'SIGINT' && process.exit(exitCodes.failed))
    stopping = true
    setTimeout(() => process.exit(exitCodes.failed), drainTimeoutMs).unref()
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
