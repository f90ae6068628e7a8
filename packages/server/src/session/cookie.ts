import type { Context } from '../kernel/context.ts'
import { type CookieOptions, setCookie } from '../kernel/http/index.ts'

export function cookieName(ctx: Context): string {
  return ctx.config.identity.session.cookie.name
}

/** The Set-Cookie header that sets the session cookie. */
export function sessionCookie(ctx: Context, token: string): string {
  const { lifespan, cookie } = ctx.config.identity.session
  return setCookie(cookieName(ctx), token, {
    ...cookieAttributes(ctx),
    ...(cookie.persistent && { maxAgeSeconds: Math.floor(lifespan / 1000), nowMs: ctx.clock.now() }),
  })
}

/** The Set-Cookie header that removes the session cookie. */
export function removedSessionCookie(ctx: Context): string {
  return setCookie(cookieName(ctx), '', { ...cookieAttributes(ctx), maxAgeSeconds: 0 })
}

/** The attributes of the session cookie, apart from its lifespan. */
export function cookieAttributes(ctx: Context): Omit<CookieOptions, 'maxAgeSeconds' | 'nowMs'> {
  const { cookies, session, dev } = ctx.config.identity
  return {
    path: session.cookie.path ?? cookies.path,
    domain: session.cookie.domain ?? cookies.domain,
    sameSite: session.cookie.same_site ?? cookies.same_site,
    secure: session.cookie.secure ?? cookies.secure ?? !dev,
  }
}
