/** So long a write waits for those of other processes before it fails. */
const patienceMs = 30_000

/** Tries again while another process holds the file, and lets other work go on in between. */
export async function patiently<T>(run: () => T): Promise<T> {
  const until = performance.now() + patienceMs
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, 32)) {
    try {
      return run()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** SQLITE_BUSY and its kinds. Statements that give rows tell it by their message alone. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('errcode' in error && typeof error.errcode === 'number') return (error.errcode & 0xff) === 5
  return error.message === 'database is locked'
}
