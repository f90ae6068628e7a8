/** How long a write waits for those before it and for other processes before it fails. */
export const busyTimeoutMs = 5000

/**
 * Retries with backoff while another process holds the write lock, at most until a time of the monotonic clock; other
 * work can run between attempts.
 */
export async function retryWhileBusy<T>(run: () => T, until: number): Promise<T> {
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, 32)) {
    try {
      return run()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Whether the error is SQLITE_BUSY or an extended code of it. Statements that return rows report it by message only. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('errcode' in error && typeof error.errcode === 'number') return (error.errcode & 0xff) === 5
  return error.message === 'database is locked'
}
