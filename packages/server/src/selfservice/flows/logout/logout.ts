import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { tokenHash } from '../../../kernel/keys.ts'
import { findByTokenHash, isLogoutToken, logoutToken, resolveSession, revokeSession } from '../../../session/index.ts'
import { checkedReturnTo, destination } from '../../flow/return-to.ts'
import { publicUrl } from '../../flow/urls.ts'

/** Returns the logout URL of a browser session, with its logout token. */
export async function beginLogout(
  ctx: Context,
  request: Call,
  asked: { return_to?: string },
): Promise<{ logout_token: string; logout_url: string }> {
  const signed = await resolveSession(ctx, request)
  if (!signed) throw ApiError.sessionInactive()
  const returnTo = checkedReturnTo(ctx, asked.return_to)
  const token = logoutToken(ctx, signed.session.id)
  const url = publicUrl(ctx, 'self-service/logout')
  if (returnTo) url.searchParams.set('return_to', destination(ctx, returnTo))
  url.searchParams.set('token', token)
  return { logout_token: token, logout_url: url.toString() }
}

/** Ends a browser session. The logout token must belong to the session, which prevents CSRF. */
export async function performLogout(ctx: Context, request: Call, token: string | undefined): Promise<void> {
  if (!token) throw ApiError.badRequest({ reason: 'The parameter token is missing.' })
  const signed = await resolveSession(ctx, request)
  if (!signed) throw ApiError.sessionInactive()
  if (!isLogoutToken(ctx, signed.session.id, token))
    throw ApiError.forbidden({ reason: 'The token is not for this session.' })
  await revokeSession(ctx, signed.session.id)
  request.csrf.rotate(signed.identity.document.id)
}

/** The URL to redirect to after logout. Throws 400 if the requested URL is not allowed. */
export function logoutDestination(ctx: Context, asked: string | undefined): string {
  const { after } = ctx.config.identity.selfservice.flows.logout
  return destination(ctx, checkedReturnTo(ctx, asked), after.default_browser_return_url)
}

/**
 * Tells the browser to remove what it stores of the origin (W3C Clear Site Data), if configured. As in Kratos, only over
 * HTTPS: browsers ignore it elsewhere.
 */
export function browserDataHeaders(ctx: Context): Record<string, string> {
  const { selfservice, serve } = ctx.config.identity
  if (!selfservice.flows.logout.clear_browser_data || !serve.public.base_url.startsWith('https:')) return {}
  return { 'clear-site-data': '"cache", "cookies", "storage"' }
}

/** Ends a session by its token; repeated calls have the same response. */
export async function performNativeLogout(ctx: Context, token: string): Promise<void> {
  const row = await findByTokenHash(ctx, tokenHash(token))
  if (!row || !token.startsWith('ory_st_')) throw ApiError.forbidden({ reason: 'The session token is not known.' })
  await revokeSession(ctx, row.id)
}
