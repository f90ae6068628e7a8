import { ApiError, rooms } from '@latchkey/api'
import { parseId } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { empty, emptyJson, handlers, json, type Route, redirect } from '../kernel/http/index.ts'
import { isUuid } from '../kernel/uuid.ts'
import { extend } from './admin/extend.ts'
import { get } from './admin/get.ts'
import { listAll } from './admin/list.ts'
import { listOfIdentity } from './admin/list-of-identity.ts'
import { listMine } from './list-mine.ts'
import { requireSession } from './resolve.ts'
import { deleteSessionsOf, revokeOthers, revokeSession } from './store.ts'
import { whoami } from './whoami.ts'

const routes = handlers(rooms.session, {
  toSession: (ctx, { query }, call) => whoami(ctx, call, query.tokenize_as),
  listMySessions: (ctx, _input, call) => listMine(ctx, call),
  disableMyOtherSessions: async (ctx, _input, call) => {
    const { session } = await requireSession(ctx, call)
    return json(200, { count: await revokeOthers(ctx, session.identityId, session.id) })
  },
  disableMySession: async (ctx, { params }, call) => {
    const { session } = await requireSession(ctx, call)
    if (!isUuid(params.id)) throw ApiError.badRequest()
    if (params.id.toLowerCase() === session.id) {
      throw ApiError.badRequest({ message: 'A session cannot end itself this way; sign out instead.' })
    }
    await revokeSession(ctx, params.id.toLowerCase(), session.identityId)
    return emptyJson()
  },

  listSessions: (ctx, { query }, call) => listAll(ctx, query, call),
  getSession: (ctx, { params, query }, call) => {
    // Kratos sends those who look for their own session to where it is.
    if (params.id === 'whoami') return redirect(publicUrl(ctx, '/sessions/whoami'), 307)
    return get(ctx, call, { id: idOf(params.id), expand: query.expand })
  },
  disableSession: async (ctx, { params }) => {
    if ((await revokeSession(ctx, idOf(params.id))) === 0) throw ApiError.notFound()
    return emptyJson()
  },
  extendSession: (ctx, { params }) => extend(ctx, idOf(params.id)),
  listIdentitySessions: (ctx, { params, query }, call) =>
    listOfIdentity(ctx, { identityId: idOf(params.id), active: query.active }, call),
  deleteIdentitySessions: async (ctx, { params }) => {
    if ((await deleteSessionsOf(ctx, idOf(params.id))) === 0) throw ApiError.notFound()
    return empty()
  },
})

/** What people do with their own sessions, and administrators with all of them. */
export const sessionRoutes: readonly Route[] = [
  ...Object.values(routes),
  // POST works like GET, so that a proxy which forwards methods can ask (Kratos).
  { ...routes.toSession, method: 'POST' },
  // Only people end their own sessions all at once, so that is where Kratos sends this.
  {
    method: 'DELETE',
    path: '/admin/sessions',
    plane: 'admin',
    csrf: 'ignore',
    handle: (ctx) => empty(307, { headers: { location: publicUrl(ctx, '/sessions') } }),
  },
]

function publicUrl(ctx: Context, path: string): string {
  return ctx.config.identity.serve.public.base_url.replace(/\/+$/, '') + path
}

function idOf(text: string): string {
  const id = parseId(text)
  if (!id) throw ApiError.badRequest({ message: 'The id must be a UUID.' })
  return id
}
