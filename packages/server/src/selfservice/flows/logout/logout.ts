import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, empty, json, parseJson, type Reply, redirect } from '../../../kernel/http/index.ts'
import { tokenHash } from '../../../kernel/keys.ts'
import {
  findByLogoutTokenHash,
  findByTokenHash,
  removedSessionCookie,
  resolveSession,
  revokeSession,
  setLogoutTokenHash,
} from '../../../session/index.ts'
import { answerError } from '../answer.ts'
import { checkedReturnTo, destination } from '../return-to.ts'
import { publicUrl } from '../urls.ts'

/** Gives a browser the address that signs it out (`GET /self-service/logout/browser`). */
export async function beginLogout(ctx: Context, call: Call): Promise<Reply> {
  try {
    const signed = await resolveSession(ctx, call)
    if (!signed) throw ApiError.sessionInactive()
    const returnTo = checkedReturnTo(ctx, call.search.get('return_to'))
    const token = `ory_lo_${ctx.random.token(32)}`
    await setLogoutTokenHash(ctx, signed.session.id, tokenHash(token))
    const url = publicUrl(ctx, 'self-service/logout')
    if (returnTo) url.searchParams.set('return_to', returnTo)
    url.searchParams.set('token', token)
    return json(200, { logout_token: token, logout_url: url.toString() })
  } catch (error) {
    return answerError(ctx, call, error)
  }
}

/** Signs a browser out (`GET /self-service/logout`): the token must be of its own session, so no foreign page can do it. */
export async function performLogout(ctx: Context, call: Call): Promise<Reply> {
  const cookies: string[] = []
  try {
    const token = call.search.get('token')
    if (!token) throw ApiError.badRequest({ reason: 'The parameter token is missing.' })
    const signed = await resolveSession(ctx, call)
    if (!signed) throw ApiError.sessionInactive()
    const meant = await findByLogoutTokenHash(ctx, tokenHash(token))
    if (meant?.id !== signed.session.id) throw ApiError.forbidden({ reason: 'The token is not for this session.' })
    await revokeSession(ctx, signed.session.id)
    call.csrf.rotate()
    cookies.push(removedSessionCookie(ctx))
    const returnTo = checkedReturnTo(ctx, call.search.get('return_to'))
    if (call.wantsJson) return empty(204, { cookies })
    const { after } = ctx.config.identity.selfservice.flows.logout
    return redirect(destination(ctx, returnTo, after.default_browser_return_url), 303, { cookies })
  } catch (error) {
    const reply = await answerError(ctx, call, error)
    return cookies.length > 0 ? { ...reply, cookies } : reply
  }
}

/** Ends an app's session (`DELETE /self-service/logout/api`); again and again with the same answer. */
export async function performNativeLogout(ctx: Context, call: Call): Promise<Reply> {
  const token = tokenIn(call)
  const row = await findByTokenHash(ctx, tokenHash(token))
  if (!row || !token.startsWith('ory_st_')) throw ApiError.forbidden({ reason: 'The session token is not known.' })
  await revokeSession(ctx, row.id)
  return empty()
}

function tokenIn(call: Call): string {
  if (call.contentType !== 'application/json') throw ApiError.badRequest({ reason: 'The body must be JSON.' })
  let body: unknown
  try {
    body = parseJson(call.bodyText)
  } catch {
    throw ApiError.badRequest({ reason: 'The body is not valid JSON.' })
  }
  const token = typeof body === 'object' && body !== null && 'session_token' in body ? body.session_token : ''
  return typeof token === 'string' ? token : ''
}
