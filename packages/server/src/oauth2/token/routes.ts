import type { rooms } from '@latchkey/api'
import { empty, json, type RoomHandlers } from '../../kernel/http/index.ts'
import { authenticateClient } from '../clients/authenticate.ts'
import { words } from '../clients/client.ts'
import { nextTokenGeneration } from '../clients/store.ts'
import { authorizeDevice } from '../device/authorize.ts'
import { invalidRequest } from '../errors.ts'
import { requireForm } from '../form.ts'
import { createCredential } from './credential.ts'
import { exchangeToken } from './endpoint.ts'
import { introspect } from './introspect.ts'
import { revokeToken } from './revoke.ts'

type TokenOperation =
  | 'oauth2TokenExchange'
  | 'revokeOAuth2Token'
  | 'oAuth2DeviceFlow'
  | 'introspectOAuth2Token'
  | 'deleteOAuth2Token'
  | 'createVerifiableCredential'

const noStore = { headers: { 'cache-control': 'no-store' } }

/** What clients and resource servers ask. */
export const tokenHandlers: RoomHandlers<Pick<typeof rooms.oauth2, TokenOperation>> = {
  oauth2TokenExchange: async (ctx, _input, call) => {
    const { body, headers } = await exchangeToken(ctx, call)
    return json(200, body, { headers: { ...noStore.headers, ...headers } })
  },
  revokeOAuth2Token: async (ctx, _input, call) => {
    const form = requireForm(call)
    await revokeToken(ctx, await authenticateClient(ctx, call, form), form.get('token') ?? '')
    return empty(200, noStore)
  },
  oAuth2DeviceFlow: async (ctx, _input, call) => json(200, await authorizeDevice(ctx, call), noStore),
  introspectOAuth2Token: async (ctx, _input, call) => {
    const form = requireForm(call)
    const found = await introspect(ctx, form.get('token') ?? '', {
      scopes: words(form.get('scope') ?? ''),
      hint: form.get('token_type_hint') ?? '',
    })
    return json(200, found, found.active ? {} : noStore)
  },
  createVerifiableCredential: async (ctx, _input, call) => {
    const answer = await createCredential(ctx, call)
    if ('priming' in answer) return json(400, answer.priming)
    return json(200, { credential_draft_00: answer.credential, format: 'jwt_vc_json' })
  },
  deleteOAuth2Token: async (ctx, _input, call) => {
    const clientId = call.search.get('client_id') ?? ''
    if (clientId === '') throw invalidRequest('The parameter client_id is missing.')
    await nextTokenGeneration(ctx, clientId)
    return empty()
  },
}
