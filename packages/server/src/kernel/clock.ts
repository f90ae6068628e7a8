export interface Clock {
  /** The current time, in milliseconds since the Unix epoch. It can be set back. */
  now(): number
  /** Milliseconds since some time in the past that is the same within a process: for ages and time limits. */
  monotonic(): number
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

const written = new Map<number, string>()
const mostWritten = 10_000

/** Formats a time as in the API. Recent results are cached, because the times of sessions are formatted repeatedly. */
export function timestamp(ms: number): string {
  const known = written.get(ms)
  if (known) return known
  const text = new Date(ms).toISOString()
  if (written.size >= mostWritten) written.clear()
  written.set(ms, text)
  return text
}
