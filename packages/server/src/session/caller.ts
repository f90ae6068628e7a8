import { secondFactors } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { bearerToken, type Call } from '../kernel/http/index.ts'
import { cookieName } from './cookie.ts'
import { usableUntil } from './device-bound/usable-until.ts'
import { tokenInKratosCookie } from './kratos-cookie.ts'
import { findSignedIn, type Signed, unauthenticatedError } from './resolve.ts'
import { requireWhoamiAal } from './whoami.ts'

const none: readonly string[] = []

/** The session secrets presented by a request: one, or several if the browser has several cookies of the name. */
export function presentedTokens(ctx: Context, call: Call): readonly string[] {
  // X-Session-Token takes precedence over the cookie, and the cookie over the bearer token (Kratos).
  const header = call.header('x-session-token')
  if (header) return header.startsWith('ory_st_') ? [header] : none
  const cookies = call.cookies(cookieName(ctx)).filter(Boolean)
  // Session tokens are not accepted as cookies, nor cookies as session tokens.
  if (cookies.length > 0) return cookies.flatMap((cookie) => tokenInCookie(ctx, cookie) ?? [])
  const bearer = bearerToken(call)
  return bearer?.startsWith('ory_st_') ? [bearer] : none
}

/** Cookies of Latchkey are the secret itself and shorter than those that Kratos set. */
const maxSecretLength = 64

function tokenInCookie(ctx: Context, cookie: string): string | undefined {
  if (cookie.startsWith('ory_st_')) return undefined
  const { kratosCookieSecrets: secrets } = ctx.config
  if (cookie.length <= maxSecretLength || !secrets) return cookie
  return tokenInKratosCookie(cookieName(ctx), cookie, secrets) ?? cookie
}

/** The secret by which the session of a request was found, for requests with several. */
const foundBy = new WeakMap<Call, string>()

/** The session secret of a request: that of its active session, if one was found. */
export function presentedToken(ctx: Context, call: Call): string | undefined {
  return foundBy.get(call) ?? presentedTokens(ctx, call)[0]
}

/** The caller's active session with its identity, or undefined. */
export async function resolveSession(ctx: Context, call: Call): Promise<Signed | undefined> {
  for (const token of presentedTokens(ctx, call)) {
    const signed = await findSignedIn(ctx, token)
    if (!signed || !isUsable(ctx, call, signed)) continue
    foundBy.set(call, token)
    return signed
  }
  return undefined
}

/** Whether the request has what the session is bound to, if it is bound. */
function isUsable(ctx: Context, call: Call, { session }: Signed): boolean {
  const { id, expiresAt, boundAt = null } = session
  return usableUntil(ctx, call, { id, expires_at: expiresAt, bound_at: boundAt }) !== undefined
}

/** The caller's active session; throws 401 without one. */
export async function requireSession(ctx: Context, call: Call): Promise<Signed> {
  const signed = await resolveSession(ctx, call)
  if (!signed) throw unauthenticatedError()
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
