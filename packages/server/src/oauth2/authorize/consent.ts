import { isUniqueViolation } from '../../db/index.ts'
import { redirect, type TextReply } from '../../kernel/http/index.ts'
import { isPublic } from '../clients/client.ts'
import { isLocalhost } from '../clients/uris.ts'
import { findRememberedScopes, insertConsent, wasConsented } from '../consent/store.ts'
import { accessDenied, consentRequired, invalidClient, loginRequired } from '../errors.ts'
import { openVerifier, sealFlow } from '../flow/codec.ts'
import { type Flow, rejectionError, requireSameRequest, requireState } from '../flow/flow.ts'
import { withQuery } from '../flow/urls.ts'
import { includesScope } from '../scopes.ts'
import { csrfCookie, requireCsrf } from '../sessions/cookies.ts'
import { hasLoginSession } from '../sessions/store.ts'
import type { LoginSource } from './login.ts'
import { type AuthorizationDraft, clientOf, promptsOf } from './request.ts'

/** Sends the browser to the consent page, which need not ask for what was granted before. */
export async function requestConsent(source: LoginSource, flow: Flow): Promise<TextReply> {
  const { ctx, cookies } = source
  const skip = await wasGranted(source, flow)
  if (promptsOf(source).includes('none') && !skip)
    throw consentRequired('The person has not granted this before, and must not be asked.')
  if (flow.clientId !== clientOf(source as AuthorizationDraft).id)
    throw invalidClient('The login was for another client.')
  const csrf = ctx.random.bytes(16).toString('hex')
  const next: Flow = { ...flow, state: 'consent', consent: { id: ctx.random.bytes(16).toString('hex'), skip, csrf } }
  cookies.push(csrfCookie(ctx, 'consent_csrf', flow.clientId, csrf))
  const challenge = sealFlow(ctx, next, 'consent challenge')
  return redirect(withQuery(ctx.config.oauth2.urls.consent, { consent_challenge: challenge }), 302)
}

/** Public clients that anybody could be must ask each time (RFC 6749, section 10.2). */
async function wasGranted(source: LoginSource, flow: Flow): Promise<boolean> {
  const { ctx, scopes, redirectUri } = source
  const client = clientOf(source as AuthorizationDraft)
  if (promptsOf(source).includes('consent')) return false
  if (isPublic(client) && (flow.device || !isOfOneClient(redirectUri ?? ''))) return false
  const granted = await findRememberedScopes(ctx, { clientId: client.id, subject: flow.login.subject })
  return granted !== undefined && scopes.every((scope) => includesScope(ctx, granted, scope))
}

function isOfOneClient(uri: string): boolean {
  if (uri.startsWith('https:')) return true
  return uri.startsWith('http:') && URL.canParse(uri) && isLocalhost(new URL(uri).hostname)
}

/** The consent page's answer. It is good once: of any number of simultaneous uses, exactly one goes on. */
export async function verifyConsent(source: LoginSource, verifier: string): Promise<Flow> {
  const { ctx, call } = source
  const flow = openVerifier(ctx, verifier, 'consent verifier')
  requireState(flow, 'consent_accepted', 'consent_rejected')
  requireSameRequest(flow, source)
  const { consent } = flow
  if (!consent || flow.clientId !== (call.search.get('client_id') ?? ''))
    throw invalidClient('The consent was for another client.')
  if (consent.rejection) throw rejectionError(consent.rejection)
  if (!(await hasLoginSession(ctx, flow.login.sessionId)) && !(await wasConsented(ctx, flow)))
    throw loginRequired('The login session has ended since the person signed in.')
  await insertConsent(ctx, flow).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error
    throw accessDenied('The consent verifier was used before.')
  })
  requireCsrf(ctx, call, { which: 'consent_csrf', clientId: flow.clientId, csrf: consent.csrf })
  return flow
}
