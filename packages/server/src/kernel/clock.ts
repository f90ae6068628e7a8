/** The time in milliseconds since 1970. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A time as the API writes it. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString()
}
