import { idTokenKeys, verifyToken } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { redirect, type TextReply } from '../../kernel/http/index.ts'
import { isPublic } from '../clients/client.ts'
import { isLocalhost } from '../clients/uris.ts'
import { clientView } from '../clients/view.ts'
import { consentRequired, invalidRequest, loginRequired, serverError } from '../errors.ts'
import { openVerifier, sealFlow } from '../flow/codec.ts'
import {
  type Flow,
  type LoginDemands,
  type OidcContext,
  rejectionError,
  requireSameRequest,
  requireState,
} from '../flow/flow.ts'
import { encodeQuery, withQuery } from '../flow/urls.ts'
import { csrfCookie, newSessionCookie, removedSessionCookie, requireCsrf, sessionIdIn } from '../sessions/cookies.ts'
import {
  deleteLoginSession,
  findRememberedSession,
  isForcedSubject,
  type LoginSession,
  saveForcedSubject,
  saveLoginSession,
} from '../sessions/store.ts'
import { subjectFor } from '../sessions/subject.ts'
import { type AuthorizationDraft, clientOf, parameter, promptsOf, sentParameters } from './request.ts'

/** What a flow begins from: an authorization request, or a device that a person has named. */
export type LoginSource = Pick<
  AuthorizationDraft,
  'ctx' | 'call' | 'client' | 'parameters' | 'cookies' | 'scopes' | 'audience' | 'redirectUri' | 'requestHash'
>

/** Sends the browser to the login page, which need not ask somebody who has a session. */
export async function requestLogin(source: LoginSource, from?: Flow): Promise<TextReply> {
  const { ctx } = source
  const session = await usableSession(source)
  // Latchkey's own sign-in has a session of its own, and answers a request that must not ask.
  if (promptsOf(source).includes('none') && !session && !ctx.config.oauth2.asksOwnSignIn)
    throw loginRequired('The person is not signed in, and must not be asked.')
  const client = clientOf(source as AuthorizationDraft)
  const csrf = ctx.random.bytes(16).toString('hex')
  const base: Pick<
    Flow,
    | 'clientId'
    | 'client'
    | 'requestUrl'
    | 'requestHash'
    | 'requestedScope'
    | 'requestedAudience'
    | 'oidcContext'
    | 'demands'
  > = from ?? {
    clientId: client.id,
    client: clientView(client),
    requestUrl: requestUrl(source),
    ...(source.requestHash !== undefined && { requestHash: source.requestHash }),
    requestedScope: source.scopes,
    requestedAudience: source.audience,
    oidcContext: await oidcContext(source),
    demands: demandsOf(source),
  }
  const flow: Flow = {
    ...base,
    id: ctx.random.bytes(16).toString('hex'),
    state: 'login',
    requestedAt: Math.floor(ctx.clock.now() / 1000) * 1000,
    login: {
      skip: session !== undefined,
      sessionId: session?.id ?? ctx.random.uuid(),
      csrf,
      subject: session?.subject ?? '',
      authenticatedAt: session?.authenticatedAt ?? 0,
    },
    ...(from?.device && { device: from.device }),
  }
  source.cookies.push(csrfCookie(ctx, 'login_csrf', client.id, csrf))
  const { login, registration } = ctx.config.oauth2.urls
  const page = promptsOf(source).includes('registration') ? registration : login
  const schema = parameter(source, 'identity_schema')
  return redirect(
    withQuery(page, {
      login_challenge: sealFlow(ctx, flow, 'login challenge'),
      ...(schema && { identity_schema: schema }),
    }),
    302,
  )
}

function demandsOf(source: LoginSource): LoginDemands {
  const prompt = promptsOf(source)
  const maxAge = parameter(source, 'max_age')
  return { ...(prompt.length > 0 && { prompt }), ...(/^\+?\d{1,15}$/.test(maxAge) && { maxAge: Number(maxAge) }) }
}

/** The address at which the request can be made again, also if it came as a form. */
function requestUrl({ ctx, call }: LoginSource): string {
  const query = call.method === 'POST' ? encodeQuery(sentParameters(call)) : (call.target.split('?', 2)[1] ?? '')
  const { auth_url } = ctx.config.oauth2.webfinger.oidc_discovery
  return query === '' ? auth_url : `${auth_url}?${query}`
}

async function oidcContext(source: LoginSource): Promise<OidcContext> {
  const hint = parameter(source, 'id_token_hint')
  const lists = { acr_values: parameter(source, 'acr_values'), ui_locales: parameter(source, 'ui_locales') }
  const texts = { display: parameter(source, 'display'), login_hint: parameter(source, 'login_hint') }
  return {
    ...Object.fromEntries(
      Object.entries(lists).flatMap(([name, text]) => (text ? [[name, text.split(' ').filter(Boolean)]] : [])),
    ),
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
    ...(hint && { id_token_hint_claims: await hintClaims(source.ctx, hint) }),
  }
}

/** The claims of an ID token that was issued here; it may have expired. */
export async function hintClaims(ctx: Context, hint: string): Promise<Record<string, unknown>> {
  const verified = await verifyToken(ctx, idTokenKeys, hint)
  // A signed response has no subject.
  if (verified?.claims.sub === undefined) throw invalidRequest('The id_token_hint is no ID token of this server.')
  return verified.claims
}

async function hintSubject(ctx: Context, hint: string): Promise<string> {
  const { sub } = await hintClaims(ctx, hint)
  if (typeof sub !== 'string' || sub === '') throw invalidRequest('The id_token_hint has no subject.')
  return sub
}

/** The session in which the person need not sign in again (OpenID Connect Core 1.0, section 3.1.2.3). */
async function usableSession(source: LoginSource): Promise<LoginSession | undefined> {
  const { ctx } = source
  const prompts = promptsOf(source)
  if (prompts.includes('login')) return undefined
  const session = await currentSession(source)
  if (!session) return undefined
  const maxAge = parameter(source, 'max_age')
  if (maxAge !== '' && !/^[+-]?\d{1,18}$/.test(maxAge)) throw invalidRequest('The max_age must be an integer.')
  const isTooOld =
    Number(maxAge) > -1 && maxAge !== '' && session.authenticatedAt + Number(maxAge) * 1000 < ctx.clock.now()
  if (isTooOld) {
    if (prompts.includes('none')) throw loginRequired('The person signed in too long ago, and must not be asked.')
    return undefined
  }
  const hint = parameter(source, 'id_token_hint')
  if (hint !== '' && !(await isSamePerson(source, session, await hintSubject(ctx, hint))))
    throw loginRequired('Somebody else than the one of the id_token_hint is signed in.')
  return session
}

export async function currentSession({
  ctx,
  call,
}: Pick<LoginSource, 'ctx' | 'call'>): Promise<LoginSession | undefined> {
  const id = sessionIdIn(ctx, call)
  return id === undefined ? undefined : findRememberedSession(ctx, id)
}

async function isSamePerson(source: LoginSource, { subject }: LoginSession, hinted: string): Promise<boolean> {
  const client = clientOf(source as AuthorizationDraft)
  if (hinted === subject || hinted === subjectFor(source.ctx, client, subject)) return true
  return isForcedSubject(source.ctx, client.id, hinted)
}

/** The login page's answer: the person is signed in, unless the page rejected the request. */
export async function verifyLogin(source: LoginSource, verifier: string): Promise<Flow> {
  const { ctx, call, cookies } = source
  const flow = openVerifier(ctx, verifier, 'login verifier')
  requireState(flow, 'login_accepted', 'login_rejected')
  requireSameRequest(flow, source)
  const { login } = flow
  if (login.rejection) throw rejectionError(login.rejection)
  requireCsrf(ctx, call, { which: 'login_csrf', clientId: flow.clientId, csrf: login.csrf })
  const client = clientOf(source as AuthorizationDraft)
  const subject = subjectFor(ctx, client, login.subject, login.forcedSubject)
  try {
    await checkAuthentication(source, {
      subject,
      authenticatedAt: login.authenticatedAt,
      requestedAt: flow.requestedAt,
    })
  } catch (error) {
    if (isLoginRequired(error)) await endSession(source)
    throw error
  }
  if (login.forcedSubject)
    await saveForcedSubject(ctx, { clientId: client.id, subject: login.subject, obfuscated: login.forcedSubject })
  if (!login.skip) await saveSession(ctx, flow)
  if (!login.remember && !login.skip) await endSession(source)
  if (login.remember && (!login.skip || login.extendSession)) {
    const lifespan = Math.floor(ctx.config.oauth2.ttl.authentication_session / 1000)
    cookies.push(newSessionCookie(ctx, login.sessionId, login.rememberFor || lifespan))
  }
  return flow
}

function isLoginRequired(error: unknown): boolean {
  return error instanceof Error && 'id' in error && error.id === 'login_required'
}

async function saveSession(ctx: Context, { login }: Flow): Promise<void> {
  const lifespan = ctx.config.oauth2.ttl.authentication_session
  const rememberForMs = login.rememberFor ? Math.min(login.rememberFor * 1000, lifespan) : lifespan
  await saveLoginSession(ctx, {
    id: login.sessionId,
    subject: login.subject,
    authenticatedAt: login.authenticatedAt,
    remember: login.remember === true,
    identityProviderSessionId: login.identityProviderSessionId,
    expiresAt: ctx.clock.now() + rememberForMs,
  })
}

/** Ends the session of the browser, and removes its cookie. */
async function endSession({ ctx, call, cookies }: LoginSource): Promise<void> {
  cookies.push(removedSessionCookie(ctx))
  const id = sessionIdIn(ctx, call)
  if (id !== undefined) await deleteLoginSession(ctx, id)
}

const prompts = ['login', 'none', 'consent', 'select_account', 'registration']

/** Whether the authentication is what the client asked for (OpenID Connect Core 1.0, section 3.1.2.1). */
export async function checkAuthentication(
  source: Pick<LoginSource, 'ctx' | 'client' | 'parameters' | 'redirectUri'>,
  { subject, authenticatedAt, requestedAt }: { subject: string; authenticatedAt: number; requestedAt: number },
): Promise<void> {
  const { ctx, client, redirectUri } = source
  const asked = promptsOf(source)
  if (client && isPublic(client) && asked.includes('none') && !isSecure(redirectUri ?? ''))
    throw consentRequired('A public client without HTTPS must ask the person.')
  if (asked.some((prompt) => !prompts.includes(prompt))) throw invalidRequest('The prompt has an unknown value.')
  if (asked.includes('none') && asked.length > 1) throw invalidRequest('The prompt none excludes all others.')
  const maxAge = Number.parseInt(parameter(source, 'max_age'), 10)
  if (subject === '') throw serverError('The login page named no subject.')
  if (maxAge > 0 && authenticatedAt + maxAge * 1000 < requestedAt)
    throw loginRequired('The person signed in longer ago than max_age.')
  if (asked.includes('none') && authenticatedAt > requestedAt)
    throw loginRequired('The person was asked to sign in, although the prompt is none.')
  if (asked.includes('login') && authenticatedAt < requestedAt)
    throw loginRequired('The person was not asked to sign in, although the prompt is login.')
  const hint = parameter(source, 'id_token_hint')
  if (hint !== '' && (await hintSubject(ctx, hint)) !== subject)
    throw loginRequired('Somebody else than the one of the id_token_hint is signed in.')
}

/** Whether nobody on the way can read what is sent there. */
export function isSecure(uri: string): boolean {
  if (!uri.startsWith('http:')) return true
  return URL.canParse(uri) && isLocalhost(new URL(uri).hostname)
}
