import type { OAuth2TokenExchange } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { tokenHash } from '../../../kernel/keys.ts'
import type { Client } from '../../clients/client.ts'
import { invalidGrant, scopeNotGranted, unauthorizedClient } from '../../errors.ts'
import { narrowedAudience } from '../../resources.ts'
import { requireAudience, requireScopes } from '../../scopes.ts'
import { bindGrant, requireSameKey } from '../confirmation.ts'
import type { Confirmation, Grant } from '../grant.ts'
import { applyTokenHook } from '../hook.ts'
import { hashOfToken, openWithToken, sealWithToken } from '../opaque.ts'
import { countReuse, deleteAccessTokensOf, deleteFamily, findRefreshToken, redeemRefreshToken } from '../store.ts'
import { type IssuedTokens, issueTokens, storeTokens } from '../tokens.ts'
import type { GrantHandler } from './handler.ts'

type Found = NonNullable<Awaited<ReturnType<typeof findRefreshToken>>>

/**
 * RFC 6749, section 6, with rotation (RFC 9700, section 4.14.2): a token is good once. Used again within the grace
 * period it gets the same response; later its whole family is revoked.
 */
export const refreshToken: GrantHandler = {
  grantType: 'refresh_token',
  handle: async (ctx, { client, form, confirmation }) => {
    if (!(client.metadata.grant_types ?? []).includes('refresh_token'))
      throw unauthorizedClient('The client is not allowed to use the grant "refresh_token".')
    const token = form.get('refresh_token') ?? ''
    const hash = hashOfToken(token)
    const found = hash === undefined ? undefined : await findRefreshToken(ctx, hash)
    if (!found) throw invalidGrant('The refresh token is malformed or not valid.')
    if (found.row.used_at !== null) return repeatResponse(ctx, client, { found, token, confirmation })
    const grant = checkedGrant(ctx, client, { found, token })
    requireSameKey(client, grant, confirmation)
    const granted = await applyTokenHook(ctx, {
      grant: bindGrant({ ...grant, generation: client.tokenGeneration, issuedAt: ctx.clock.now() }, confirmation),
      form,
    })
    const audience = narrowedAudience(ctx, form, granted.audience)
    const issued = await issueTokens(ctx, client, { grant: granted, audience, by: 'refresh_token', refreshes: true })
    if (await rotate(ctx, { token, issued, grant: granted })) return issued.response
    // Another request with the same token was first.
    const again = await findRefreshToken(ctx, tokenHash(token))
    if (!again) throw invalidGrant('The refresh token is malformed or not valid.')
    return repeatResponse(ctx, client, { found: again, token, confirmation })
  },
}

function checkedGrant(ctx: Context, client: Client, { found, token }: { found: Found; token: string }): Grant {
  const { row } = found
  if (row.expires_at <= ctx.clock.now()) throw invalidGrant('The refresh token has expired.')
  const grant = openWithToken<Grant>(token, row.sealed_data)
  if (!grant.scope.includes('offline') && !grant.scope.includes('offline_access'))
    throw scopeNotGranted('The person has not granted offline access.')
  if (found.client.id !== client.id) throw invalidGrant('The refresh token was issued to another client.')
  requireScopes(ctx, client, grant.scope)
  requireAudience(client, grant.audience)
  return grant
}

async function rotate(
  ctx: Context,
  { token, issued, grant }: { token: string; issued: IssuedTokens; grant: Grant },
): Promise<boolean> {
  const { rotation_grace_period: graceMs } = ctx.config.oauth2.oauth2.grant.refresh_token
  const sealedResponse = graceMs > 0 ? sealWithToken(ctx, token, issued.response) : null
  return ctx.transaction(async (tx) => {
    if (!(await redeemRefreshToken(tx, tokenHash(token), { sealedResponse }))) return false
    await deleteAccessTokensOf(tx, grant.requestId)
    await storeTokens(tx, issued, grant)
    return true
  })
}

/** The response of the first use, for a client that did not receive it. After the grace period, a token used twice was stolen. */
async function repeatResponse(
  ctx: Context,
  client: Client,
  { found, token, confirmation }: { found: Found; token: string; confirmation: Confirmation | undefined },
): Promise<OAuth2TokenExchange> {
  const { row } = found
  requireSameKey(client, openWithToken<Grant>(token, row.sealed_data), confirmation)
  const { rotation_grace_period: graceMs, rotation_grace_reuse_count: most } =
    ctx.config.oauth2.oauth2.grant.refresh_token
  const isInTime = row.used_at !== null && row.used_at + graceMs > ctx.clock.now()
  const isOwn = found.client.id === client.id
  if (isInTime && isOwn && row.sealed_response !== null && (await isAllowedAgain(ctx, row.hash, most)))
    return openWithToken<OAuth2TokenExchange>(token, row.sealed_response)
  await deleteFamily(ctx, row.request_id)
  throw invalidGrant('The refresh token was used before. All tokens of the grant are revoked.')
}

async function isAllowedAgain(ctx: Context, hash: string, most: number): Promise<boolean> {
  return most === 0 || countReuse(ctx, hash, most)
}
