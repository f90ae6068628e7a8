import { grantTypesOf, isPublic, scopesOf, words } from '../../clients/client.ts'
import { invalidGrant, unauthorizedClient } from '../../errors.ts'
import { withResources } from '../../resources.ts'
import { requestedAudience, requireAudience, requireScopes } from '../../scopes.ts'
import { bindGrant } from '../confirmation.ts'
import type { Grant } from '../grant.ts'
import { applyTokenHook } from '../hook.ts'
import { issueAccessToken } from '../issue.ts'
import type { GrantHandler } from './handler.ts'

/** RFC 6749, section 4.4: a client gets a token for itself. */
export const clientCredentials: GrantHandler = {
  grantType: 'client_credentials',
  handle: async (ctx, { client, form, confirmation }) => {
    const requested = words(form.get('scope') ?? '')
    const named = requestedAudience(form)
    requireScopes(ctx, client, requested)
    requireAudience(client, named)
    const audience = withResources(ctx, client, { parameters: form, audience: named })
    if (isPublic(client)) throw invalidGrant('A public client cannot get tokens for itself.')
    if (!grantTypesOf(client).includes('client_credentials'))
      throw unauthorizedClient('The client is not allowed to use the grant "client_credentials".')
    const { default_grant_allowed_scope: grantsAll } = ctx.config.oauth2.oauth2.client_credentials
    const grant: Grant = {
      requestId: ctx.random.uuid(),
      clientId: client.id,
      generation: client.tokenGeneration,
      issuedAt: ctx.clock.now(),
      requestedScope: requested,
      requestedAudience: audience,
      scope: requested.length === 0 && grantsAll ? scopesOf(client) : requested,
      audience,
      subject: client.id,
    }
    const granted = await applyTokenHook(ctx, { grant: bindGrant(grant, confirmation), form })
    return issueAccessToken(ctx, client, { grant: granted, by: 'client_credentials' })
  },
}
