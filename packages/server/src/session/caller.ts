import { secondFactors } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { cookieName } from './cookie.ts'
import { findSignedIn, type Signed, unauthenticated } from './resolve.ts'
import { requireWhoamiAal } from './whoami.ts'

/** The session secret presented by a request. */
export function presentedToken(ctx: Context, call: Call): string | undefined {
  // X-Session-Token takes precedence over the cookie, and the cookie over the bearer token (Kratos).
  const header = call.header('x-session-token')
  if (header) return header.startsWith('ory_st_') ? header : undefined
  const cookie = call.cookie(cookieName(ctx))
  // Session tokens are not accepted as cookies, nor cookies as session tokens.
  if (cookie) return cookie.startsWith('ory_st_') ? undefined : cookie
  const bearer = /^bearer +(\S+)$/i.exec(call.header('authorization') ?? '')?.[1]
  return bearer?.startsWith('ory_st_') ? bearer : undefined
}

/** The caller's active session with its identity, or undefined. */
export async function resolveSession(ctx: Context, call: Call): Promise<Signed | undefined> {
  const token = presentedToken(ctx, call)
  return token ? findSignedIn(ctx, token) : undefined
}

/** The caller's active session; throws 401 without one. */
export async function requireSession(ctx: Context, call: Call): Promise<Signed> {
  const signed = await resolveSession(ctx, call)
  if (!signed) throw unauthenticated()
  return signed
}

/**
 * The caller's active session for everything that shows or changes what belongs to the person. Throws 401 without one,
 * and 403 if the assurance level is lower than whoami requires.
 */
export async function requireAssuredSession(ctx: Context, call: Call): Promise<Signed> {
  const signed = await requireSession(ctx, call)
  requireWhoamiAal(ctx, signed.session, () => secondFactors(signed.identity))
  return signed
}
