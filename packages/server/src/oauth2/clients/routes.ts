import { ApiError, type rooms } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, empty, json, type RoomHandlers } from '../../kernel/http/index.ts'
import { keysetLinks, keysetPage } from '../../kernel/http/keyset-pages.ts'
import {
  deleteClient,
  deleteRotatedSecrets,
  patchClient,
  replaceClient,
  requireClient,
  rotateSecret,
  setLifespans,
} from './change.ts'
import { type CreatedClient, createClient } from './create.ts'
import { parseClient } from './parse.ts'
import { authenticateRegistered, registerClient, replaceRegistered } from './registration.ts'
import { listClientRows } from './store.ts'
import { clientView } from './view.ts'

const listing = {
  name: 'oauth2 clients',
  size: 100,
  largest: 500,
  refuse: (reason: string) => ApiError.badRequest({ reason }),
}

type ClientOperation =
  | 'listOAuth2Clients'
  | 'createOAuth2Client'
  | 'getOAuth2Client'
  | 'setOAuth2Client'
  | 'patchOAuth2Client'
  | 'deleteOAuth2Client'
  | 'setOAuth2ClientLifespans'
  | 'rotateOAuth2ClientSecret'
  | 'deleteRotatedOAuth2ClientSecrets'
  | 'createOidcDynamicClient'
  | 'getOidcDynamicClient'
  | 'setOidcDynamicClient'
  | 'deleteOidcDynamicClient'

/** The handlers of the operations on clients. Hydra reads their bodies whatever the content type. */
export const clientHandlers: RoomHandlers<Pick<typeof rooms.oauth2, ClientOperation>> = {
  listOAuth2Clients: async (ctx, _input, call) => {
    const page = keysetPage(ctx, call.search, listing)
    const filter = { name: call.search.get('client_name') ?? '', owner: call.search.get('owner') ?? '' }
    const found = await listClientRows(ctx, filter, page)
    const shown = found.slice(0, page.size)
    const next = found.length > page.size ? shown.at(-1)?.id : undefined
    const link = keysetLinks(ctx, listing, {
      path: '/admin/clients',
      search: call.search,
      size: page.size,
      ...(next !== undefined && { next }),
    })
    return json(200, shown.map(clientView), { headers: { link } })
  },
  createOAuth2Client: {
    handle: async (ctx, _input, call) => {
      const given = parseClient(call.bodyText)
      const created = await createClient(ctx, given)
      // Hydra makes the address before the id is known, so that it ends without one.
      return createdReply(ctx, created, {
        location: `/admin/clients/${encodeURIComponent(created.client.id)}`,
        managementId: given.id,
      })
    },
  },
  getOAuth2Client: async (ctx, { params }) => json(200, clientView(await requireClient(ctx, params.id))),
  setOAuth2Client: {
    handle: async (ctx, { params }, call) => {
      const given = parseClient(call.bodyText)
      const client = await replaceClient(ctx, params.id, { ...given, id: params.id })
      return json(200, withSecret(clientView(client), given.secret))
    },
  },
  patchOAuth2Client: {
    handle: async (ctx, { params }, call) => {
      const { client, secret } = await patchClient(ctx, params.id, call.bodyText)
      return json(200, withSecret(clientView(client), secret))
    },
  },
  deleteOAuth2Client: async (ctx, { params }) => {
    await deleteClient(ctx, params.id)
    return empty()
  },
  setOAuth2ClientLifespans: {
    handle: async (ctx, { params }, call) => json(200, clientView(await setLifespans(ctx, params.id, call.bodyText))),
  },
  rotateOAuth2ClientSecret: async (ctx, { params }) => {
    const { client, secret } = await rotateSecret(ctx, params.id)
    return json(200, withSecret(clientView(client), secret))
  },
  deleteRotatedOAuth2ClientSecrets: async (ctx, { params }) =>
    json(200, clientView(await deleteRotatedSecrets(ctx, params.id))),

  createOidcDynamicClient: async (ctx, _input, call) => {
    const created = await registerClient(ctx, call.bodyText)
    const { id } = created.client
    return createdReply(ctx, created, { location: `admin/clients/${encodeURIComponent(id)}`, managementId: id })
  },
  getOidcDynamicClient: async (ctx, { params }, call) => {
    const { metadata: _, ...view } = clientView(await authenticateRegistered(ctx, call, params.id))
    return json(200, view)
  },
  setOidcDynamicClient: async (ctx, { params }, call) => {
    const before = await authenticateRegistered(ctx, call, params.id)
    const { client, registrationToken } = await replaceRegistered(ctx, before, call.bodyText)
    return json(200, { ...clientView(client), registration_access_token: registrationToken })
  },
  deleteOidcDynamicClient: async (ctx: Context, { params }: { params: { id: string } }, call: Call) => {
    await deleteClient(ctx, (await authenticateRegistered(ctx, call, params.id)).id)
    return empty()
  },
}

function createdReply(
  { config }: Context,
  { client, secret, registrationToken }: CreatedClient,
  { location, managementId }: { location: string; managementId: string },
) {
  const management = `${config.oauth2.urls.self.public.replace(/\/+$/, '')}/oauth2/register`
  return json(
    201,
    {
      ...withSecret(clientView(client), secret ?? ''),
      registration_access_token: registrationToken,
      registration_client_uri: managementId ? `${management}/${encodeURIComponent(managementId)}` : management,
    },
    { headers: { location } },
  )
}

function withSecret<V extends object>(view: V, secret: string): V & { client_secret?: string } {
  return secret ? { ...view, client_secret: secret } : view
}
