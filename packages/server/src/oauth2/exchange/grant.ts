import type { OAuth2TokenExchange } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Client, grantTypesOf, isPublic, scopesOf, words } from '../clients/client.ts'
import { invalidRequest, invalidScope, unauthorizedClient } from '../errors.ts'
import { withResources } from '../resources.ts'
import { includesScope, requestedAudience, requireAudience } from '../scopes.ts'
import { bindGrant } from '../token/confirmation.ts'
import type { Grant } from '../token/grant.ts'
import type { GrantHandler, TokenRequest } from '../token/grants/handler.ts'
import { applyTokenHook } from '../token/hook.ts'
import { issueAccessToken } from '../token/issue.ts'
import { actorOf } from './actor.ts'
import { requireSubjectToken } from './subject-token.ts'
import { accessTokenType, tokenExchangeGrantType } from './types.ts'

/** Scopes that a refresh token needs, which is never issued here. */
const offlineScopes = ['offline', 'offline_access']

/** RFC 8693, section 2: an access token becomes one for somebody who acts for its subject, with no more rights. */
export const tokenExchange: GrantHandler = {
  grantType: tokenExchangeGrantType,
  isEnabled: ({ config }) => config.oauth2.oauth2.token_exchange.enabled,
  handle: async (ctx, request) => {
    const { client, form, confirmation } = request
    if (isPublic(client) || !grantTypesOf(client).includes(tokenExchangeGrantType))
      throw unauthorizedClient(`The client is not allowed to use the grant "${tokenExchangeGrantType}".`)
    const wanted = form.get('requested_token_type') || accessTokenType
    if (wanted !== accessTokenType) throw invalidRequest(`The requested_token_type must be ${accessTokenType}.`)
    const subject = await requireSubjectToken(ctx, request)
    const actor = await actorOf(ctx, request, subject.grant)
    const requestedScope = words(form.get('scope') ?? '')
    const grant: Grant = {
      requestId: subject.grant.requestId,
      clientId: client.id,
      generation: client.tokenGeneration,
      issuedAt: ctx.clock.now(),
      requestedScope,
      requestedAudience: requestedAudience(form),
      scope: scopeOf(ctx, client, { requested: requestedScope, given: subject.grant.scope }),
      audience: audienceOf(ctx, request, subject.grant.audience),
      subject: subject.grant.subject,
      ...(subject.grant.accessClaims && { accessClaims: subject.grant.accessClaims }),
      ...(subject.grant.person && { person: subject.grant.person }),
      actor,
    }
    const granted = await applyTokenHook(ctx, { grant: bindGrant(grant, confirmation), form })
    const response = await issueAccessToken(ctx, client, {
      grant: granted,
      by: 'token_exchange',
      until: subject.expiresAt,
    })
    return { ...response, issued_token_type: accessTokenType } satisfies OAuth2TokenExchange
  },
}

/** What the subject token has and the client may ask for; all of that if nothing is asked for. */
function scopeOf(
  ctx: Context,
  client: Client,
  { requested, given }: { requested: readonly string[]; given: readonly string[] },
): string[] {
  const allowed = scopesOf(client)
  const isGranted = (scope: string) => includesScope(ctx, given, scope) && includesScope(ctx, allowed, scope)
  const refused = requested.find((scope) => !isGranted(scope) || offlineScopes.includes(scope))
  if (refused !== undefined) throw invalidScope(`The scope "${refused.slice(0, 100)}" cannot be granted.`)
  return requested.length > 0 ? [...requested] : given.filter((one) => isGranted(one) && !offlineScopes.includes(one))
}

/** What the client may ask for, or the subject token has; all that the subject token has if nothing is asked for. */
function audienceOf(ctx: Context, { client, form }: TokenRequest, given: readonly string[]): string[] {
  const named = requestedAudience(form)
  requireAudience(
    client,
    named.filter((one) => !given.includes(one)),
  )
  const audience = withResources(ctx, client, { parameters: form, audience: named, given })
  return audience.length > 0 ? audience : [...given]
}
