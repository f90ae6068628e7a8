import type { Terminal } from './terminal.ts'

const intervalMs = 1000

/** Prints the progress of an import at intervals; completion is printed separately. */
export function importProgress({ err }: Terminal): (what: string, read: number, of: number) => void {
  let lastPrintedAt = performance.now()
  return (what, read, of) => {
    if (read >= of || performance.now() - lastPrintedAt < intervalMs) return
    lastPrintedAt = performance.now()
    err(`${read} of ${of} ${what}`)
  }
}
