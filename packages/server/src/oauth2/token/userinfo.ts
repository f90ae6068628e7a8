import { ApiError } from '@latchkey/api'
import { idTokenKeys, signToken } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { bearerToken, type Call, json, type Reply } from '../../kernel/http/index.ts'
import { dpopToken, type PresentedToken, requireKeyOfToken } from '../dpop/resource.ts'
import { decodeForm, formOf } from '../form.ts'
import { requireCertificateOfToken } from '../mtls/binding.ts'
import { seconds, userinfoClaims } from './claims.ts'
import { findActiveAccessToken, findActiveRefreshToken } from './introspect.ts'

/** OpenID Connect Core 1.0, section 5.3: JSON, or a signed token if the client wants it so. */
export async function userinfo(ctx: Context, call: Call): Promise<Reply> {
  const presented = presentedToken(call)
  const { token } = presented
  const found = await findActiveAccessToken(ctx, token)
  if (!found) throw await invalidToken(ctx, token)
  const urls = [ctx.config.oauth2.webfinger.oidc_discovery.userinfo_url]
  requireCertificateOfToken(ctx, call, found.grant)
  await requireKeyOfToken(ctx, call, { presented, grant: found.grant, urls })
  const claims = userinfoClaims(ctx, found.grant)
  if (found.client.metadata.userinfo_signed_response_alg !== 'RS256') return json(200, claims)
  const signed = { ...claims, jti: ctx.random.uuid(), iat: seconds(ctx.clock.now()) }
  return { status: 200, text: await signToken(ctx, idTokenKeys, signed), contentType: 'application/jwt' }
}

/** In the header, or as a parameter (RFC 6750, section 2; RFC 9449, section 7.1). */
function presentedToken(call: Call): PresentedToken {
  const bound = dpopToken(call)
  return bound === undefined ? { token: bearerOrParameter(call), isBound: false } : { token: bound, isBound: true }
}

function bearerOrParameter(call: Call): string {
  const header = bearerToken(call)
  if (header !== undefined) return header
  const form = formOf(call).get('access_token')
  return form ?? decodeForm(call.target.split('?', 2)[1] ?? '').get('access_token') ?? ''
}

async function invalidToken(ctx: Context, token: string) {
  const isRefreshToken = (await findActiveRefreshToken(ctx, token)) !== undefined
  const [id, reason] = isRefreshToken
    ? (['invalid_token', 'The token is no access token.'] as const)
    : (['request_unauthorized', 'The access token is missing, has expired, or was revoked.'] as const)
  return new ApiError(401, {
    id,
    reason,
    headers: { 'www-authenticate': `Bearer error="${id}",error_description="${reason}"` },
  })
}
