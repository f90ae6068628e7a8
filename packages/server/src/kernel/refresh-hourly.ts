import type { Context } from './context.ts'

/** As in Kratos. */
const intervalMs = 3_600_000
/** When what belongs to a configuration object was last refreshed, or first used. */
const refreshedAt = new WeakMap<object, number>()

/**
 * Runs `refresh` in the background if the last time for this key is an hour ago. Call it at each use of something that
 * is read from a remote source. Failures are logged, and what was read before remains in use.
 */
export function refreshHourly(ctx: Context, key: object, refresh: () => Promise<void>): void {
  const now = ctx.clock.monotonic()
  const last = refreshedAt.get(key)
  if (last !== undefined && now - last < intervalMs) return
  refreshedAt.set(key, now)
  if (last === undefined) return
  refresh().catch((error: unknown) => ctx.log.warn({ err: error }, 'a remote source cannot be read again'))
}

/** Whether the source of a URL is read over the network. */
export function isRemote(url: string | undefined): boolean {
  return url !== undefined && /^https?:/.test(url)
}
