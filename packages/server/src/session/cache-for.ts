import type { Context } from '../kernel/context.ts'

/** The lifespan of an answer to a request without any session secret, as in Kratos. */
const withoutSecretMs = 60_000

type Headers = Record<string, string>

/**
 * The header that tells a cache in front of the server for how many seconds it may keep an answer of whoami, if
 * `feature_flags.cacheable_sessions` allows that (Kratos). A session that is revoked meanwhile remains in the cache.
 * `usableUntil` is when the session expires or, of a bound session, when the cookie of its device ends.
 */
export function cacheForSession(ctx: Context, usableUntil: number): Headers {
  const { cacheable_sessions_max_age: maxAge = 0 } = ctx.config.identity.feature_flags
  const restMs = usableUntil - ctx.clock.now()
  return header(ctx, maxAge > 0 ? Math.min(restMs, maxAge) : restMs)
}

/** The same for the refusal of a request that presents no session secret. */
export function cacheForMissingSecret(ctx: Context): Headers {
  return header(ctx, withoutSecretMs)
}

function header(ctx: Context, ms: number): Headers {
  if (!ctx.config.identity.feature_flags.cacheable_sessions) return {}
  return { 'ory-session-cache-for': String(Math.round(ms / 1000)) }
}
