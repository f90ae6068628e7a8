import { exitCodes } from './exit.ts'
import type { Terminal } from './terminal.ts'

const drainTimeoutMs = 30_000

export interface StopOptions {
  /** How long SIGTERM is announced to clients before the listeners close; SIGINT closes them at once. */
  readonly announceMs: number
  readonly terminal?: Terminal
}

/**
 * Exits on SIGTERM or SIGINT after `close` has completed pending work; at once on a second SIGINT or 30 seconds after
 * the announcement.
 */
export function onStop(close: (announceMs: number) => Promise<void>, { announceMs, terminal }: StopOptions) {
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return void (signal === 'SIGINT' && process.exit(exitCodes.failed))
    stopping = true
    const announced = signal === 'SIGINT' ? 0 : announceMs
    setTimeout(() => process.exit(exitCodes.failed), announced + drainTimeoutMs).unref()
    close(announced).then(
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
