import type { Context } from '../kernel/context.ts'
import { sameText } from '../kernel/keys.ts'

/**
 * The logout token of a session, which prevents CSRF. It is the same each time, so that the links of several pages
 * work, and it is useless without the session's cookie.
 */
export function logoutToken(ctx: Context, sessionId: string): string {
  return `ory_lo_${ctx.keys.mac('logout', sessionId)}`
}

/** Whether it is the logout token of the session. */
export function isLogoutToken(ctx: Context, sessionId: string, token: string): boolean {
  return ctx.keys.macs('logout', sessionId).some((mac) => sameText(token, `ory_lo_${mac}`))
}
