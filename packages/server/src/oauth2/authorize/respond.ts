import { tokenHash } from '../../kernel/keys.ts'
import { grantTypesOf } from '../clients/client.ts'
import {
  insufficientEntropy,
  invalidGrant,
  invalidRequest,
  unsupportedResponseMode,
  unsupportedResponseType,
} from '../errors.ts'
import type { Flow } from '../flow/flow.ts'
import type { Grant } from '../token/grant.ts'
import type { AuthorizedCode } from '../token/grants/authorization-code.ts'
import { makeAccessToken, makeIdToken, minEntropyLength, storeAccessToken } from '../token/issue.ts'
import { newToken, sealWithToken } from '../token/opaque.ts'
import { insertCode } from '../token/store.ts'
import { grantOf } from './grant.ts'
import { checkAuthentication, isSecure } from './login.ts'
import { checkCodeChallenge } from './pkce.ts'
import { type AuthorizationRequest, parameter } from './request.ts'
import { dpopKeyOf } from './rules/dpop.ts'

/** The parameters of a successful response: a code, tokens, or both (OpenID Connect Core 1.0, section 3). */
export async function respond(request: AuthorizationRequest, flow: Flow): Promise<Record<string, string>> {
  const grant = grantOf(request, flow)
  const types = new Set(request.responseTypes)
  await check(request, flow, grant, types)
  const parameters: Record<string, string> = {}
  if (types.has('code')) Object.assign(parameters, await codeParameters(request, grant))
  if (types.has('token')) Object.assign(parameters, await tokenParameters(request, grant))
  const hasIdToken = types.has('id_token') && grant.scope.includes('openid')
  if (hasIdToken) parameters.id_token = await idToken(request, grant, parameters)
  parameters.state = parameter(request, 'state')
  return parameters
}

/** What can only be checked now, in the order of Hydra. */
async function check(
  request: AuthorizationRequest,
  flow: Flow,
  grant: Grant,
  types: ReadonlySet<string>,
): Promise<void> {
  const { ctx, client, redirectUri, responseMode } = request
  const isCodeOnly = types.size === 1 && types.has('code')
  const isTokenOnly = types.size === 1 && types.has('token')
  const isOidc = grant.scope.includes('openid')
  if (isCodeOnly && !isSecure(redirectUri))
    throw invalidRequest('The redirect_uri must use HTTPS, or be of this machine.')
  if (!types.has('code') && !isTokenOnly && !isOidc)
    throw unsupportedResponseType('This response_type needs the scope openid.')
  if (types.has('token') || !types.has('code')) requireGrantType(request, 'implicit', isTokenOnly || !types.has('code'))
  if (!isCodeOnly && !isTokenOnly) requireNonce(request, types)
  const needsRedirect = isCodeOnly ? isOidc : !isTokenOnly
  if (needsRedirect && parameter(request, 'redirect_uri') === '')
    throw invalidRequest('The redirect_uri is required with OpenID Connect.')
  if (needsRedirect) {
    await checkAuthentication(request, {
      subject: grant.person?.subject ?? '',
      authenticatedAt: flow.login.authenticatedAt,
      requestedAt: flow.requestedAt,
    })
  }
  if (types.has('code') && !isCodeOnly) {
    if (!grantTypesOf(client).includes('authorization_code')) throw notAllowed('authorization_code')
    requireGrantType(request, 'implicit', types.has('token'))
  }
  if (types.has('code'))
    checkCodeChallenge(ctx, client, {
      challenge: parameter(request, 'code_challenge'),
      method: parameter(request, 'code_challenge_method'),
    })
  if (!isCodeOnly && responseMode === 'query')
    throw unsupportedResponseMode('Tokens must not be in the query. Use another response_mode.')
}

function requireGrantType({ client }: AuthorizationRequest, type: string, isNeeded: boolean): void {
  if (isNeeded && !grantTypesOf(client).includes(type)) throw notAllowed(type)
}

function notAllowed(type: string) {
  return invalidGrant(`The client is not allowed to use the grant "${type}".`)
}

function requireNonce(request: AuthorizationRequest, types: ReadonlySet<string>): void {
  const nonce = parameter(request, 'nonce')
  if (nonce === '' && types.has('id_token')) throw invalidRequest('The nonce is required with this response_type.')
  if (nonce !== '' && nonce.length < minEntropyLength)
    throw insufficientEntropy(`The nonce must have at least ${minEntropyLength} characters.`)
}

async function codeParameters(request: AuthorizationRequest, grant: Grant) {
  const { ctx } = request
  const code = newToken(ctx, 'ory_ac_')
  const dpopKey = dpopKeyOf(request)
  const data: AuthorizedCode = {
    grant,
    redirectUri: parameter(request, 'redirect_uri'),
    codeChallenge: parameter(request, 'code_challenge'),
    codeChallengeMethod: parameter(request, 'code_challenge_method'),
    isHybrid: request.responseTypes.length > 1,
    ...(dpopKey !== undefined && { dpopKey }),
  }
  await insertCode(ctx, {
    hash: tokenHash(code),
    request_id: grant.requestId,
    client_id: grant.clientId,
    sealed_data: sealWithToken(ctx, code, data),
    expires_at: ctx.clock.now() + ctx.config.oauth2.ttl.auth_code,
  })
  // Hydra tells the scopes together with a code alone.
  return request.responseTypes.length === 1 ? { code, scope: grant.scope.join(' ') } : { code }
}

async function tokenParameters({ ctx, client }: AuthorizationRequest, grant: Grant) {
  const made = await makeAccessToken(ctx, client, { grant, by: 'implicit' })
  await storeAccessToken(ctx, made, grant)
  return {
    access_token: made.token,
    expires_in: String(made.expiresIn),
    token_type: 'bearer',
    scope: grant.scope.join(' '),
  }
}

function idToken({ ctx, client }: AuthorizationRequest, { person }: Grant, beside: Readonly<Record<string, string>>) {
  if (!person) throw new Error('an ID token without a person')
  const { access_token: accessToken, code } = beside
  const companions = { ...(accessToken && { accessToken }), ...(code && { code }) }
  return makeIdToken(ctx, client, { person, by: 'implicit', companions })
}
