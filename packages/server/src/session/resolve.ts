import { ApiError } from '@latchkey/api'
import { type Identity, fromRow as identityFromRow } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Call } from '../kernel/http/index.ts'
import { tokenHash } from '../kernel/keys.ts'
import { cookieName } from './cookie.ts'
import { fromRow, type Session } from './record.ts'
import { findInForce, findWithCredentials, type SessionInForce } from './store.ts'

/** A session in force, and who it belongs to. */
export interface Signed {
  session: Session
  identity: Identity
}

/** The row of the caller's session in force, or undefined. */
export async function resolveRow(ctx: Context, call: Call): Promise<SessionInForce | undefined> {
  const token = presentedToken(ctx, call)
  return token ? findInForce(ctx, tokenHash(token)) : undefined
}

/** The caller's session in force with its identity, or undefined. */
export async function resolveSession(ctx: Context, call: Call): Promise<Signed | undefined> {
  const token = presentedToken(ctx, call)
  const row = token ? await findWithCredentials(ctx, tokenHash(token)) : undefined
  return row && { session: fromRow(row), identity: identityFromRow(ctx, { ...row, metadata_admin: null }) }
}

/** The caller's session in force; 401 without one. */
export async function requireSession(ctx: Context, call: Call): Promise<Signed> {
  const signed = await resolveSession(ctx, call)
  if (!signed) throw unauthenticated()
  return signed
}

export function unauthenticated(): ApiError {
  return ApiError.unauthorized({ reason: 'No session in force was found in this request.' })
}

/** X-Session-Token wins over the cookie, the cookie over the bearer token (Kratos). */
function presentedToken(ctx: Context, call: Call): string | undefined {
  const header = call.header('x-session-token')
  if (header) return header.startsWith('ory_st_') ? header : undefined
  const cookie = call.cookie(cookieName(ctx))
  // A session token is no cookie and a cookie is no session token.
  if (cookie) return cookie.startsWith('ory_st_') ? undefined : cookie
  const bearer = /^bearer +(\S+)$/i.exec(call.header('authorization') ?? '')?.[1]
  return bearer?.startsWith('ory_st_') ? bearer : undefined
}

/** Whether a request shows a session by header rather than by cookie. */
export function presentsToken(call: Call): boolean {
  return Boolean(call.header('x-session-token') || /^bearer +ory_st_/i.test(call.header('authorization') ?? ''))
}
