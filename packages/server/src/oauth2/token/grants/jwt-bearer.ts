import { grantTypesOf, words } from '../../clients/client.ts'
import { unauthorizedClient } from '../../errors.ts'
import { withResources } from '../../resources.ts'
import { requestedAudience } from '../../scopes.ts'
import { requireAssertion } from '../../trust/assertion.ts'
import { bindGrant } from '../confirmation.ts'
import type { Grant } from '../grant.ts'
import { applyTokenHook } from '../hook.ts'
import { issueAccessToken } from '../issue.ts'
import type { GrantHandler } from './handler.ts'

export const jwtBearerGrantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** RFC 7523, section 2.1: the assertion of a trusted issuer is exchanged for an access token. */
export const jwtBearer: GrantHandler = {
  grantType: jwtBearerGrantType,
  handle: async (ctx, { client, form, confirmation }) => {
    if (!grantTypesOf(client).includes(jwtBearerGrantType))
      throw unauthorizedClient(`The client is not allowed to use the grant "${jwtBearerGrantType}".`)
    const requestedScope = words(form.get('scope') ?? '')
    const { subject, audience } = await requireAssertion(ctx, form.get('assertion') ?? '', requestedScope)
    const { omit_assertion_audience: omitsAudience } = ctx.config.oauth2.oauth2.grant.jwt
    const grant: Grant = {
      requestId: ctx.random.uuid(),
      clientId: client.id,
      generation: client.tokenGeneration,
      issuedAt: ctx.clock.now(),
      requestedScope,
      requestedAudience: requestedAudience(form),
      scope: requestedScope,
      audience: withResources(ctx, client, { parameters: form, audience: omitsAudience ? [] : audience }),
      subject,
    }
    const granted = await applyTokenHook(ctx, { grant: bindGrant(grant, confirmation), form })
    return issueAccessToken(ctx, client, { grant: granted, by: 'jwt_bearer' })
  },
}
