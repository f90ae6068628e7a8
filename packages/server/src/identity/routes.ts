import { rooms } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { empty, handlers, importBody, json, jsonText, type Route } from '../kernel/http/index.ts'
import { numberedLinks, numberedPage } from '../kernel/http/numbered-pages.ts'
import { importIdentities } from './admin/batch.ts'
import { createIdentity } from './admin/create.ts'
import { deleteIdentity } from './admin/delete.ts'
import { deleteCredentials } from './admin/delete-credentials.ts'
import { getIdentity } from './admin/get.ts'
import { listIdentities, listNumberedIdentities } from './admin/list.ts'
import {
  isNumbered,
  keysetLink,
  numberedLink,
  parseKeysetPage,
  parseListing,
  parseNumberedPage,
} from './admin/list-query.ts'
import { patchIdentity } from './admin/patch.ts'
import { updateIdentity } from './admin/update.ts'
import { changedView, createdView } from './admin/view.ts'
import { mergeIdentities } from './merge/merge.ts'
import { undoMerge } from './merge/undo.ts'
import type { Identity } from './record.ts'
import { getSchema, listSchemas } from './schemas/list.ts'

const routes = handlers(rooms.identity, {
  listIdentities: async (ctx, { query }, { search }) => {
    const listing = parseListing(query)
    if (isNumbered(search)) {
      const page = parseNumberedPage(search)
      const { identities, total } = await listNumberedIdentities(ctx, listing, page)
      const headers = { link: numberedLink(search, page, total), 'x-total-count': String(total) }
      return jsonText(200, identities, { headers })
    }
    const page = parseKeysetPage(ctx, search)
    const { identities, next } = await listIdentities(ctx, listing, page)
    return jsonText(200, identities, { headers: { link: keysetLink(ctx, search, { size: page.size, next }) } })
  },
  createIdentity: {
    body: importBody,
    handle: async (ctx, { body }) => {
      const identity = await createIdentity(ctx, body ?? {})
      return json(201, createdView(ctx, identity), { headers: { location: addressOf(ctx, identity) } })
    },
  },
  batchPatchIdentities: {
    body: importBody,
    handle: async (ctx, { body }) => json(200, { identities: await importIdentities(ctx, body?.identities ?? []) }),
  },
  getIdentity: async (ctx, { params, query }) =>
    jsonText(200, await getIdentity(ctx, { id: params.id }, query.include_credential)),
  getIdentityByExternalID: async (ctx, { params, query }) =>
    jsonText(200, await getIdentity(ctx, { externalId: params.externalID }, query.include_credential)),
  updateIdentity: async (ctx, { params, body }) =>
    json(200, changedView(ctx, await updateIdentity(ctx, params.id, body ?? {}))),
  patchIdentity: {
    body: 'raw',
    handle: async (ctx, { params }, { bodyText }) =>
      json(200, changedView(ctx, await patchIdentity(ctx, params.id, bodyText))),
  },
  deleteIdentity: async (ctx, { params }) => {
    await deleteIdentity(ctx, params.id)
    return empty()
  },
  deleteIdentityCredentials: async (ctx, { params, query }) => {
    await deleteCredentials(ctx, params.id, { ...query, type: params.type })
    return empty()
  },
  mergeIdentities: async (ctx, { params, body }) => json(200, await mergeIdentities(ctx, params.id, body ?? {})),
  undoIdentityMerge: async (ctx, { params }) => json(200, await undoMerge(ctx, params.id)),
  listIdentitySchemas: {
    csrf: 'set',
    handle: (ctx, _input, { search, path }) => {
      const page = numberedPage(search, { size: 250, largest: 1000 })
      const { schemas, total } = listSchemas(ctx, page)
      const headers = { link: numberedLinks(path, search, page, total), 'x-total-count': String(total) }
      return json(200, schemas, { headers })
    },
  },
  getIdentitySchema: (ctx, { params }) => json(200, getSchema(ctx, params.id)),
})
const schemaRoutes = [routes.listIdentitySchemas, routes.getIdentitySchema]

/** The identity routes of the admin API, and the schema routes, which are public. */
export const identityRoutes: readonly Route[] = [
  ...Object.values(routes),
  // Kratos also serves schemas under admin paths.
  ...schemaRoutes.map((route) => ({ ...route, path: `/admin${route.path}`, csrf: 'ignore' as const })),
]

function addressOf(ctx: Context, { document }: Identity): string {
  return `${ctx.config.identity.serve.admin.base_url.replace(/\/+$/, '')}/identities/${document.id}`
}
