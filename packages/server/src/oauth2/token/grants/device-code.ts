import { grantTypesOf } from '../../clients/client.ts'
import { deviceGrantType } from '../../device/authorize.ts'
import { findByDeviceCode, redeemDeviceCode } from '../../device/store.ts'
import { authorizationPending, expiredToken, invalidGrant, unauthorizedClient } from '../../errors.ts'
import { narrowedAudience } from '../../resources.ts'
import { bindGrant } from '../confirmation.ts'
import { applyTokenHook } from '../hook.ts'
import { hashOfToken } from '../opaque.ts'
import { issueTokens, storeTokens } from '../tokens.ts'
import type { GrantHandler } from './handler.ts'

/** RFC 8628, section 3.4. As in Hydra, fast polling is not punished with slow_down. */
export const deviceCode: GrantHandler = {
  grantType: deviceGrantType,
  handle: async (ctx, { client, form, confirmation }) => {
    if (!grantTypesOf(client).includes(deviceGrantType))
      throw unauthorizedClient(`The client is not allowed to use the grant "${deviceGrantType}".`)
    const hash = hashOfToken(form.get('device_code') ?? '')
    const found = hash === undefined ? undefined : await findByDeviceCode(ctx, hash)
    if (!found) throw invalidGrant('The device_code is not valid, or was used before.')
    if (found.expiresAt <= ctx.clock.now()) throw expiredToken('The device_code has expired.')
    if (!found.grant) throw authorizationPending('The person has not granted the request yet.')
    if (found.clientId !== client.id) throw invalidGrant('The device_code was issued to another client.')
    const grant = await applyTokenHook(ctx, {
      grant: bindGrant({ ...found.grant, generation: client.tokenGeneration, issuedAt: ctx.clock.now() }, confirmation),
      form,
    })
    const audience = narrowedAudience(ctx, form, grant.audience)
    const issued = await issueTokens(ctx, client, { grant, audience, by: 'device_authorization' })
    const isFirst = await ctx.transaction(async (tx) => {
      if (!(await redeemDeviceCode(tx, found.hash))) return false
      await storeTokens(tx, issued, grant)
      return true
    })
    if (!isFirst) throw invalidGrant('The device_code is not valid, or was used before.')
    return issued.response
  },
}
