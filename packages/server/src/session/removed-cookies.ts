import type { Context } from '../kernel/context.ts'
import { removedSessionCookie } from './cookie.ts'
import { removedBoundCookie } from './device-bound/cookie.ts'

/** The Set-Cookie headers of an answer that signs a browser out. */
export function removedCookies(ctx: Context): string[] {
  const isBound = ctx.config.identity.session.device_bound.enabled
  return [removedSessionCookie(ctx), ...(isBound ? [removedBoundCookie(ctx)] : [])]
}
