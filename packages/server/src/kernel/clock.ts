/** The time in milliseconds since 1970. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

const written = new Map<number, string>()
const mostWritten = 10_000

/** A time as the API writes it. Those of sessions are asked for again and again, so the last ones are remembered. */
export function timestamp(ms: number): string {
  const known = written.get(ms)
  if (known) return known
  const text = new Date(ms).toISOString()
  if (written.size >= mostWritten) written.clear()
  written.set(ms, text)
  return text
}
