import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { boundCookieEnds, transitMs } from './cookie.ts'

/** What decides whether a request may use a session that is in force. */
interface Bindable {
  readonly id: string
  readonly expires_at: number
  readonly bound_at?: number | null
}

/**
 * Until when a request may use a session, in milliseconds since the Unix epoch; undefined if it may not, because the
 * session is bound to a device and the request has no cookie of it. Nothing is looked up.
 */
export function usableUntil(ctx: Context, call: Pick<Call, 'cookies'>, session: Bindable): number | undefined {
  const { id, expires_at: expiresAt, bound_at: boundAt } = session
  if (typeof boundAt !== 'number' || !ctx.config.identity.session.device_bound.enabled) return expiresAt
  const end = Math.max(boundAt + transitMs, ...boundCookieEnds(ctx, call, id))
  return end > ctx.clock.now() ? Math.min(end, expiresAt) : undefined
}
