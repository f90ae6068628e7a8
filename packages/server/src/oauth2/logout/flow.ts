import type { Context } from '../../kernel/context.ts'
import { type Call, type Reply, redirect, toApiError } from '../../kernel/http/index.ts'
import { currentSession, hintClaims } from '../authorize/login.ts'
import type { Client } from '../clients/client.ts'
import { findClient } from '../clients/store.ts'
import { invalidRequest } from '../errors.ts'
import { withQuery } from '../flow/urls.ts'
import { decodeForm, formOf } from '../form.ts'
import { removedSessionCookie } from '../sessions/cookies.ts'
import { findLoginSession, findRememberedSession } from '../sessions/store.ts'
import { endLoginSession, frontChannelUrls } from './end.ts'
import { frontChannelPage } from './front-channel.ts'
import { logoutNotFound } from './not-found.ts'
import { findAcceptedLogout, insertLogoutRequest, type LogoutRequest } from './store.ts'

/** The end session endpoint (OpenID Connect RP-Initiated Logout 1.0, section 2). Errors are shown to the person. */
export async function logout(ctx: Context, call: Call): Promise<Reply> {
  try {
    const verifier = call.search.get('logout_verifier') ?? ''
    return verifier === '' ? await requestLogout(ctx, call) : await completeLogout(ctx, call, verifier)
  } catch (error) {
    const { id, message, reason = '' } = toApiError(ctx.log, error, call)
    return redirect(withQuery(ctx.config.oauth2.urls.error, { error: id ?? message, error_description: reason }), 302)
  }
}

/** Sends the browser to the logout page, unless there is no session to end. */
async function requestLogout(ctx: Context, call: Call): Promise<Reply> {
  const query = decodeForm(call.target.split('?', 2)[1] ?? '')
  const parameters = new URLSearchParams([...formOf(call), ...query])
  const hint = parameters.get('id_token_hint') ?? ''
  return hint === '' ? requestWithoutHint(ctx, call, parameters) : requestByClient(ctx, call, { parameters, hint })
}

async function requestWithoutHint(ctx: Context, call: Call, parameters: URLSearchParams): Promise<Reply> {
  for (const name of ['state', 'post_logout_redirect_uri']) {
    if (parameters.get(name)) throw invalidRequest(`The parameter ${name} needs the parameter id_token_hint.`)
  }
  const redirectTo = ctx.config.oauth2.urls.post_logout_redirect
  const session = await currentSession({ ctx, call })
  if (!session) return redirect(redirectTo, 302)
  return toLogoutPage(ctx, {
    ...common(ctx, call),
    subject: session.subject,
    sessionId: session.id,
    clientId: undefined,
    redirectTo,
  })
}

async function requestByClient(
  ctx: Context,
  call: Call,
  { parameters, hint }: { parameters: URLSearchParams; hint: string },
): Promise<Reply> {
  const { client, sessionId } = await checkHint(ctx, hint)
  const wanted = parameters.get('post_logout_redirect_uri') ?? ''
  const state = parameters.get('state') ?? ''
  if (wanted !== '' && !client.metadata.post_logout_redirect_uris?.includes(wanted))
    throw invalidRequest('The post_logout_redirect_uri is none of those of the client.')
  const redirectTo =
    wanted === '' ? ctx.config.oauth2.urls.post_logout_redirect : withQuery(wanted, state ? { state } : {})
  // At the sign-in of the same project, the person is signed in even if OAuth2 does not remember it.
  const find = ctx.config.oauth2.asksOwnSignIn ? findLoginSession : findRememberedSession
  const session = await find(ctx, sessionId)
  if (!session) return redirect(redirectTo, 302)
  return toLogoutPage(ctx, {
    ...common(ctx, call),
    subject: session.subject,
    sessionId,
    clientId: client.id,
    redirectTo,
  })
}

/** The client and the session that an ID token names; it may have expired (section 2). */
async function checkHint(ctx: Context, hint: string): Promise<{ client: Client; sessionId: string }> {
  const { iss, iat, sid, sub, aud } = await hintClaims(ctx, hint)
  if (iss !== ctx.config.oauth2.urls.self.issuer) throw invalidRequest('The id_token_hint is of another issuer.')
  if (typeof iat !== 'number' || iat > ctx.clock.now() / 1000)
    throw invalidRequest('The id_token_hint is of the future.')
  if (typeof sid !== 'string' || sid === '') throw invalidRequest('The id_token_hint has no sid.')
  if (typeof sub !== 'string' || sub === '') throw invalidRequest('The id_token_hint has no sub.')
  for (const id of Array.isArray(aud) ? aud : [aud]) {
    const client = typeof id === 'string' ? await findClient(ctx, id) : undefined
    if (client) return { client, sessionId: sid }
  }
  throw invalidRequest('The id_token_hint was issued to no client of this server.')
}

function common(
  ctx: Context,
  call: Call,
): Pick<LogoutRequest, 'challenge' | 'verifier' | 'requestUrl' | 'requestedAt' | 'expiresAt'> {
  const requestedAt = Math.round(ctx.clock.now() / 1000) * 1000
  const challenge = ctx.random.uuid()
  return {
    challenge,
    verifier: `${challenge}.${ctx.random.uuid()}`,
    requestUrl: call.target,
    requestedAt,
    expiresAt: requestedAt + ctx.config.oauth2.ttl.login_consent_request,
  }
}

async function toLogoutPage(ctx: Context, request: LogoutRequest): Promise<Reply> {
  await insertLogoutRequest(ctx, request)
  return redirect(withQuery(ctx.config.oauth2.urls.logout, { logout_challenge: request.challenge }), 302)
}

/** The person has agreed: the session ends, and every client that took part in it is told. */
async function completeLogout(ctx: Context, call: Call, verifier: string): Promise<Reply> {
  const request = await findAcceptedLogout(ctx, verifier)
  if (!request) throw logoutNotFound('The logout_verifier is not known, or was used before.')
  const after = redirect(request.redirectTo, 302)
  // Without a client's ID token, the browser must be that of the session.
  if (request.clientId === undefined) {
    const session = await currentSession({ ctx, call })
    if (session?.subject !== request.subject) return after
  }
  const cookies = [removedSessionCookie(ctx)]
  const urls = await frontChannelUrls(ctx, request)
  await endLoginSession(ctx, request)
  if (urls.length === 0) return { ...after, cookies }
  return { ...frontChannelPage(urls, request.redirectTo), cookies }
}
