import { ApiError, rooms } from '@latchkey/api'
import { empty, handlers, hydraBody, json, type Route } from '../kernel/http/index.ts'
import { createKey, removeKeys, setKey, setKeys } from './change.ts'
import { publishedSets, setUrl } from './settings.ts'
import { findKey, findKeys } from './store.ts'
import { publicKeys } from './tokens.ts'

const routes = handlers(
  rooms.jwk,
  {
    discoverJsonWebKeys: {
      // The first request generates the keys.
      changes: true,
      handle: async (ctx) => json(200, { keys: await publicKeys(ctx, publishedSets(ctx)) }),
    },
    createJsonWebKeySet: async (ctx, { params: { set }, body }) => {
      const { alg = '', use, kid } = body ?? {}
      const key = await createKey(ctx, set, { alg, use, kid })
      return json(201, { keys: [key] }, { headers: { location: setUrl(ctx, set) } })
    },
    getJsonWebKeySet: async (ctx, { params: { set } }) => {
      const keys = await findKeys(ctx, set)
      if (keys.length === 0) throw ApiError.notFound({ reason: 'There is no set of keys with this name.' })
      return json(200, { keys: keys.map(({ key }) => key) })
    },
    setJsonWebKeySet: async (ctx, { params: { set }, body }) =>
      json(200, { keys: await setKeys(ctx, set, body?.keys ?? []) }),
    deleteJsonWebKeySet: async (ctx, { params: { set } }) => {
      await removeKeys(ctx, set)
      return empty()
    },
    getJsonWebKey: async (ctx, { params: { set, kid } }) => {
      const key = await findKey(ctx, set, kid)
      if (!key) throw ApiError.notFound()
      return json(200, { keys: [key] })
    },
    setJsonWebKey: async (ctx, { params, body }) => json(200, await setKey(ctx, params, body ?? {})),
    deleteJsonWebKey: async (ctx, { params: { set, kid } }) => {
      await removeKeys(ctx, set, kid)
      return empty()
    },
  },
  { body: hydraBody },
)

/** The routes of key sets: the public document, and the admin API. */
export const jwkRoutes: readonly Route[] = Object.values(routes)
