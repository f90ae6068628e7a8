import type { DeviceAuthorization } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { authenticateClient } from '../clients/authenticate.ts'
import { grantTypesOf, words } from '../clients/client.ts'
import { invalidGrant, invalidRequest, serverError } from '../errors.ts'
import { requireForm } from '../form.ts'
import { withResources } from '../resources.ts'
import { requestedAudience, requireAudience, requireScopes } from '../scopes.ts'
import { seconds } from '../token/claims.ts'
import { newToken } from '../token/opaque.ts'
import { insertDeviceCode } from './store.ts'

export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** User codes are short, so that one that was drawn can be taken. */
const attempts = 3

/** The device authorization endpoint (RFC 8628, section 3.1). */
export async function authorizeDevice(ctx: Context, call: Call): Promise<DeviceAuthorization & { Header: null }> {
  const form = requireForm(call)
  const client = await authenticateClient(ctx, call, form)
  if (client.id !== form.get('client_id')) throw invalidRequest('The client_id is missing in the body.')
  if (!grantTypesOf(client).includes(deviceGrantType))
    throw invalidGrant(`The client is not allowed to use the grant "${deviceGrantType}".`)
  const requestedScope = words(form.get('scope') ?? '')
  requireScopes(ctx, client, requestedScope)
  const named = requestedAudience(form)
  requireAudience(client, named)
  const audience = withResources(ctx, client, { parameters: form, audience: named })
  const deviceCode = newToken(ctx, 'ory_dc_')
  const lifespan = ctx.config.oauth2.ttl.device_user_code
  const userCode = await store(ctx, {
    hash: tokenHash(deviceCode),
    requestId: ctx.random.uuid(),
    clientId: client.id,
    request: { requestedScope, requestedAudience: audience },
    expiresAt: ctx.clock.now() + lifespan,
  })
  const verificationUri = verificationUrl(ctx)
  return {
    Header: null,
    device_code: deviceCode,
    expires_in: seconds(lifespan),
    interval: seconds(ctx.config.oauth2.oauth2.device_authorization.token_polling_interval),
    user_code: userCode,
    verification_uri: verificationUri,
    verification_uri_complete: `${verificationUri}?user_code=${encodeURIComponent(userCode)}`,
  }
}

/** Where a person enters the user code. */
export function verificationUrl({ config }: Context): string {
  return `${config.oauth2.urls.self.public.replace(/\/+$/, '')}/oauth2/device/verify`
}

async function store(ctx: Context, code: Omit<Parameters<typeof insertDeviceCode>[1], 'userCode'>): Promise<string> {
  for (let i = 0; i < attempts; i++) {
    const userCode = newUserCode(ctx)
    if (await insertDeviceCode(ctx, { ...code, userCode })) return userCode
  }
  throw serverError('No free user code was found. Please try again.')
}

function newUserCode({ config, random }: Context): string {
  const { length, character_set: characters } = config.oauth2.oauth2.device_authorization.user_code
  let code = ''
  // Bytes beyond the last whole multiple would make some characters more probable.
  const limit = 256 - (256 % characters.length)
  while (code.length < length) {
    for (const byte of random.bytes(length)) {
      if (byte < limit && code.length < length) code += characters[byte % characters.length]
    }
  }
  return code
}
