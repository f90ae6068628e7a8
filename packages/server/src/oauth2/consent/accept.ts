import {
  AcceptOAuth2ConsentRequest,
  AcceptOAuth2LoginRequest,
  ApiError,
  type OAuth2ConsentRequest,
  type OAuth2ConsentSession,
  type OAuth2LoginRequest,
  RejectOAuth2Request,
} from '@latchkey/api'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { hasMoreValues, parseJson, typeChecker } from '../../kernel/http/index.ts'
import { invalidRequest } from '../errors.ts'
import { openChallenge, sealFlow } from '../flow/codec.ts'
import type { Flow, OidcContext, Rejection } from '../flow/flow.ts'
import { withQuery } from '../flow/urls.ts'

/** Claims of a consent have at most so many members and items. */
const mostClaims = 5_000

type Refuse = (reason: string) => ApiError
/** Hydra's error for a body of a consent that cannot be decoded. */
const undecodable: Refuse = (reason) => ApiError.badRequest({ id: 'error', reason })

const checkLogin = typeChecker(AcceptOAuth2LoginRequest, { closed: false, refuse: invalidRequest })
const checkConsent = typeChecker(AcceptOAuth2ConsentRequest, { closed: false, refuse: undecodable })
const checkLoginRejection = typeChecker(RejectOAuth2Request, { closed: false, refuse: invalidRequest })
const checkConsentRejection = typeChecker(RejectOAuth2Request, { closed: false, refuse: undecodable })

function parseBody<T>(text: string, refuse: Refuse, check: (value: unknown) => unknown): T {
  if (hasMoreValues(text, mostClaims)) throw refuse(`The body has more than ${mostClaims} values.`)
  const value = parseJson(text, refuse)
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) throw refuse('The body must be an object.')
  return (check(value) ?? {}) as T
}

/** A challenge is needed, and may be called `challenge` as in early versions of Hydra. */
export function challengeIn(search: URLSearchParams, name: string): string {
  return search.get(name) || search.get('challenge') || ''
}

function requireChallenge(search: URLSearchParams, name: string): string {
  const challenge = challengeIn(search, name)
  if (challenge === '') throw invalidRequest(`The parameter ${name} is missing.`)
  return challenge
}

export function loginRequest(ctx: Context, search: URLSearchParams): OAuth2LoginRequest {
  const challenge = requireChallenge(search, 'login_challenge')
  return describeLogin(openChallenge(ctx, challenge, 'login challenge'), challenge)
}

export function describeLogin({ login, ...flow }: Flow, challenge: string): OAuth2LoginRequest {
  return {
    challenge,
    client: flow.client,
    oidc_context: oidcContextOf(flow),
    request_url: flow.requestUrl,
    requested_access_token_audience: [...flow.requestedAudience],
    requested_scope: [...flow.requestedScope],
    session_id: login.sessionId,
    skip: login.skip,
    subject: login.subject,
  }
}

/** A device asks without parameters of OpenID Connect. */
function oidcContextOf({ device, oidcContext }: Pick<Flow, 'device' | 'oidcContext'>): OidcContext {
  return device ? (null as unknown as OidcContext) : oidcContext
}

/** Where the browser goes on when the person is authenticated. The session is only made there. */
export function acceptLogin(ctx: Context, search: URLSearchParams, text: string): string {
  const challenge = requireChallenge(search, 'login_challenge')
  const body = parseBody<AcceptOAuth2LoginRequest>(text, invalidRequest, checkLogin)
  if (!body.subject) throw invalidRequest('The subject is missing.')
  const flow = openChallenge(ctx, challenge, 'login challenge')
  const { login } = flow
  // Somebody else than the one who has the session: they must sign in anew.
  if (login.subject !== '' && body.subject !== login.subject) return withQuery(flow.requestUrl, { prompt: 'login' })
  return withVerifier(ctx, 'login', {
    ...flow,
    state: 'login_accepted',
    login: {
      ...login,
      subject: body.subject,
      authenticatedAt: login.skip ? login.authenticatedAt : Math.floor(ctx.clock.now() / 1000) * 1000,
      remember: login.skip || body.remember === true,
      rememberFor: Math.max(0, body.remember_for ?? 0),
      extendSession: body.extend_session_lifespan === true,
      ...(body.acr && { acr: body.acr }),
      ...(body.amr && { amr: body.amr }),
      ...(body.context !== undefined && { context: body.context }),
      ...(body.force_subject_identifier && { forcedSubject: body.force_subject_identifier }),
      ...(body.identity_provider_session_id && { identityProviderSessionId: body.identity_provider_session_id }),
    },
  })
}

export function rejectLogin(ctx: Context, search: URLSearchParams, text: string): string {
  const challenge = requireChallenge(search, 'login_challenge')
  return denyLogin(ctx, challenge, parseBody(text, invalidRequest, checkLoginRejection))
}

/** Where the browser goes on when the person was not authenticated. */
export function denyLogin(ctx: Context, challenge: string, body: RejectOAuth2Request): string {
  const rejection = rejectionOf(body, 'The login request was denied')
  const flow = openChallenge(ctx, challenge, 'login challenge')
  return withVerifier(ctx, 'login', { ...flow, state: 'login_rejected', login: { ...flow.login, rejection } })
}

export function consentRequest(ctx: Context, search: URLSearchParams): OAuth2ConsentRequest {
  const challenge = requireChallenge(search, 'consent_challenge')
  return describeConsent(openChallenge(ctx, challenge, 'consent challenge'), challenge)
}

export function describeConsent(flow: Flow, challenge: string): OAuth2ConsentRequest {
  return { ...describe(flow), challenge, client: flow.client }
}

function describe({ login, consent, ...flow }: Flow): OAuth2ConsentRequest {
  return {
    acr: login.acr ?? '',
    amr: [...(login.amr ?? [])],
    challenge: '',
    consent_request_id: consent?.id ?? '',
    context: contextOf(login),
    login_challenge: flow.id,
    login_session_id: login.sessionId,
    oidc_context: oidcContextOf(flow),
    request_url: flow.requestUrl,
    requested_access_token_audience: [...flow.requestedAudience],
    requested_scope: [...flow.requestedScope],
    skip: consent?.skip ?? false,
    subject: login.subject,
  }
}

export function acceptConsent(ctx: Context, search: URLSearchParams, text: string): string {
  const challenge = requireChallenge(search, 'consent_challenge')
  const body = parseBody<AcceptOAuth2ConsentRequest>(text, undecodable, checkConsent)
  checkSession(body.session)
  return grantConsent(ctx, challenge, body)
}

/** Where the browser goes on when the person has agreed. What nobody asked for is not granted later. */
export function grantConsent(ctx: Context, challenge: string, body: AcceptOAuth2ConsentRequest): string {
  const flow = openChallenge(ctx, challenge, 'consent challenge')
  if (!flow.consent) throw invalidRequest('The challenge is not that of a consent request.')
  const { access_token: accessTokenClaims, id_token: idTokenClaims } = body.session ?? {}
  return withVerifier(ctx, 'consent', {
    ...flow,
    state: 'consent_accepted',
    login: { ...flow.login, ...(body.context !== undefined && { context: body.context }) },
    consent: {
      ...flow.consent,
      grantedScope: body.grant_scope ?? [],
      grantedAudience: body.grant_access_token_audience ?? [],
      remember: body.remember === true,
      rememberFor: Math.max(0, body.remember_for ?? 0),
      handledAt: ctx.clock.now(),
      ...(accessTokenClaims && { accessTokenClaims }),
      ...(idTokenClaims && { idTokenClaims }),
    },
  })
}

function checkSession(session: AcceptOAuth2ConsentRequest['session']): void {
  for (const claims of [session?.access_token, session?.id_token] as unknown[]) {
    if (claims !== undefined && (typeof claims !== 'object' || claims === null || Array.isArray(claims)))
      throw undecodable('The claims of a session must be objects.')
  }
}

export function rejectConsent(ctx: Context, search: URLSearchParams, text: string): string {
  const challenge = requireChallenge(search, 'consent_challenge')
  return denyConsent(ctx, challenge, parseBody(text, undecodable, checkConsentRejection))
}

/** Where the browser goes on when the person has not agreed. */
export function denyConsent(ctx: Context, challenge: string, body: RejectOAuth2Request): string {
  const rejection = rejectionOf(body, 'The consent request was denied')
  const flow = openChallenge(ctx, challenge, 'consent challenge')
  if (!flow.consent) throw invalidRequest('The challenge is not that of a consent request.')
  return withVerifier(ctx, 'consent', { ...flow, state: 'consent_rejected', consent: { ...flow.consent, rejection } })
}

function rejectionOf(body: RejectOAuth2Request, usual: string): Rejection {
  return {
    error: body.error || usual,
    error_description: body.error_description ?? '',
    error_hint: body.error_hint ?? '',
    status_code: body.status_code || 400,
  }
}

export function withVerifier(ctx: Context, kind: 'login' | 'consent', flow: Flow): string {
  return withQuery(flow.requestUrl, { [`${kind}_verifier`]: sealFlow(ctx, flow, `${kind} verifier`) })
}

/** Whatever JSON the pages handed on; Hydra says null where there is none. */
function contextOf({ context }: Flow['login']): Record<string, unknown> {
  return (context ?? null) as Record<string, unknown>
}

/** A consent as the API lists it. */
export function consentSession(flow: Flow, client: OAuth2ConsentRequest['client']): OAuth2ConsentSession {
  const { consent, login } = flow
  const request = describe(flow)
  return {
    consent_request: { ...request, ...(client && { client }) },
    consent_request_id: consent?.id ?? '',
    context: contextOf(login),
    grant_access_token_audience: [...(consent?.grantedAudience ?? [])],
    grant_scope: [...(consent?.grantedScope ?? [])],
    handled_at: timestamp(consent?.handledAt ?? 0),
    remember: consent?.remember ?? false,
    remember_for: consent?.rememberFor ?? 0,
    session: { access_token: consent?.accessTokenClaims ?? {}, id_token: consent?.idTokenClaims ?? {} },
  }
}
