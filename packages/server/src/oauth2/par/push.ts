import { ApiError, type PushedAuthorizationResponse } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { checkCodeChallenge } from '../authorize/pkce.ts'
import { type AuthorizationDraft, clientOf, newDraft, parameter } from '../authorize/request.ts'
import { pushRules } from '../authorize/rules/index.ts'
import { authenticateClient } from '../clients/authenticate.ts'
import { setKeyOfPushedRequest } from '../dpop/token-request.ts'
import { invalidRequest } from '../errors.ts'
import { requireForm } from '../form.ts'
import { seconds } from '../token/claims.ts'
import { newToken, sealWithToken } from '../token/opaque.ts'
import { pushedRequestEndpoint, requestUriPrefix } from './settings.ts'
import { insertPushedRequest } from './store.ts'

/** What belongs to the authentication of the client, or to a flow that has begun: no part of a request. */
const leftOut = ['client_secret', 'client_assertion', 'client_assertion_type', 'login_verifier', 'consent_verifier']
/** Parameters that may be there several times. */
const lists = ['audience', 'resource']

/**
 * The pushed authorization request endpoint (RFC 9126, section 2): the client is authenticated and the request checked
 * before a person is concerned, and the browser carries no more than a reference.
 * @throws 404 where it is off; otherwise the errors of the token and of the authorization endpoint, as JSON
 */
export async function pushRequest(ctx: Context, call: Call): Promise<PushedAuthorizationResponse> {
  const { enabled, lifespan } = ctx.config.oauth2.oauth2.pushed_requests
  if (!enabled) throw ApiError.notFound({ reason: 'Pushed authorization requests are not enabled.' })
  const form = requireForm(call)
  const { urls } = ctx.config.oauth2
  const audiences = [urls.self.issuer, pushedRequestEndpoint(ctx)]
  const client = await authenticateClient(ctx, call, form, { audiences })
  const draft = newDraft(ctx, call, parametersOf(form, client.id))
  for (const { apply } of pushRules) await apply(draft)
  checkPushed(draft)
  await setKeyOfPushedRequest(ctx, call, draft.parameters)
  const token = newToken(ctx, 'ory_ru_')
  await insertPushedRequest(ctx, {
    hash: tokenHash(token),
    client_id: client.id,
    sealed_data: sealWithToken(ctx, token, draft.parameters.toString()),
    expires_at: ctx.clock.now() + lifespan,
  })
  return { request_uri: `${requestUriPrefix}${token}`, expires_in: seconds(lifespan) }
}

function parametersOf(form: URLSearchParams, clientId: string): URLSearchParams {
  if (form.has('request_uri')) throw invalidRequest('A pushed request cannot refer to another one with request_uri.')
  if (form.has('client_id') && form.get('client_id') !== clientId)
    throw invalidRequest('The client_id is not that of the authenticated client.')
  const parameters = new URLSearchParams()
  for (const [name, value] of form) {
    if (leftOut.includes(name)) continue
    if (parameters.has(name) && !lists.includes(name))
      throw invalidRequest(`The parameter ${name.slice(0, 50)} is given more than once.`)
    parameters.append(name, value)
  }
  parameters.set('client_id', clientId)
  return parameters
}

/** What the authorization endpoint checks only after the person has agreed. */
function checkPushed(draft: AuthorizationDraft): void {
  if (!draft.responseTypes.includes('code')) return
  checkCodeChallenge(draft.ctx, clientOf(draft), {
    challenge: parameter(draft, 'code_challenge'),
    method: parameter(draft, 'code_challenge_method'),
  })
}
