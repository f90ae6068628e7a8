import type { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, type Reply, redirect, toApiError } from '../../kernel/http/index.ts'
import { encodeQuery, withQuery } from '../flow/urls.ts'
import { requestConsent, verifyConsent } from './consent.ts'
import { formPost } from './form-post.ts'
import { issuerParameter } from './issuer.ts'
import { requestLogin, verifyLogin } from './login.ts'
import { type AuthorizationDraft, type AuthorizationRequest, newDraft, parameter, sentParameters } from './request.ts'
import { respond } from './respond.ts'
import { rules } from './rules/index.ts'
import { signResponse } from './signed-response.ts'

/**
 * The authorization endpoint (RFC 6749, section 3.1): validates the request, sends the browser to the login page, to the
 * consent page, and back to the client.
 */
export async function authorize(ctx: Context, call: Call): Promise<Reply> {
  const draft = newDraft(ctx, call, new URLSearchParams())
  try {
    draft.parameters = sentParameters(call)
    for (const { apply } of rules) await apply(draft)
    const reply = await continueRequest(draft as AuthorizationRequest)
    return { ...reply, cookies: draft.cookies }
  } catch (error) {
    return { ...(await errorReply(draft, toApiError(ctx.log, error, call))), cookies: draft.cookies }
  }
}

async function continueRequest(request: AuthorizationRequest): Promise<Reply> {
  const loginVerifier = parameter(request, 'login_verifier').trim()
  const consentVerifier = parameter(request, 'consent_verifier').trim()
  if (loginVerifier !== '') return requestConsent(request, await verifyLogin(request, loginVerifier))
  if (consentVerifier === '') return requestLogin(request)
  const flow = await verifyConsent(request, consentVerifier)
  return clientReply(request, await respond(request, flow))
}

/** Sends the browser back to the client. */
async function clientReply(
  request: Pick<AuthorizationRequest, 'ctx' | 'client' | 'redirectUri' | 'responseMode' | 'signsResponse'>,
  response: Readonly<Record<string, string>>,
): Promise<Reply> {
  const { ctx, client, redirectUri, responseMode } = request
  const parameters = request.signsResponse
    ? await signResponse(ctx, client.id, response)
    : { ...response, ...issuerParameter(ctx) }
  const headers = { 'cache-control': 'no-store' }
  if (responseMode === 'form_post') return formPost(redirectUri, parameters)
  const location =
    responseMode === 'fragment'
      ? `${redirectUri.split('#', 1)[0]}#${encodeQuery(Object.entries(parameters))}`
      : withQuery(redirectUri, parameters)
  return { status: 303, headers: { ...headers, location } }
}

/** The client is told of an error, unless its redirect URI is not known: then the person is. */
async function errorReply(draft: AuthorizationDraft, error: ApiError): Promise<Reply> {
  const { ctx, client, redirectUri, responseMode = 'query' } = draft
  const parameters = { error: error.id ?? error.message, error_description: error.reason ?? '' }
  if (redirectUri === undefined || !client) return redirect(withQuery(ctx.config.oauth2.urls.error, parameters), 302)
  return clientReply(
    { ...draft, client, redirectUri, responseMode },
    { ...parameters, state: parameter(draft, 'state') },
  )
}
