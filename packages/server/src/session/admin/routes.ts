import {
  ApiError,
  deleteIdentitySessions,
  disableSession,
  extendSession,
  getSession,
  listIdentitySessions,
  listSessions,
} from '@latchkey/api'
import { parseId } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import { bind, empty, type Route, redirect } from '../../kernel/http/index.ts'
import { deleteSessionsOf, revokeSession } from '../store.ts'
import { extend } from './extend.ts'
import { get } from './get.ts'
import { listAll } from './list.ts'
import { listOfIdentity } from './list-of-identity.ts'

/** What administrators do with sessions. */
export const adminSessionRoutes: readonly Route[] = [
  bind(listSessions, (ctx, { query }, call) => listAll(ctx, query, call)),
  bind(getSession, (ctx, { params, query }, call) => {
    // Kratos sends those who look for their own session to where it is.
    if (params.id === 'whoami') return redirect(publicUrl(ctx, '/sessions/whoami'), 307)
    return get(ctx, call, { id: idOf(params.id), expand: query.expand })
  }),
  // Only people end their own sessions all at once, so that is where Kratos sends this.
  {
    method: 'DELETE',
    path: '/admin/sessions',
    plane: 'admin',
    csrf: 'ignore',
    handle: (ctx) => empty(307, { headers: { location: publicUrl(ctx, '/sessions') } }),
  },
  bind(disableSession, async (ctx, { params }) => {
    if ((await revokeSession(ctx, idOf(params.id))) === 0) throw ApiError.notFound()
    return { ...empty(), contentType: 'application/json; charset=utf-8' }
  }),
  bind(extendSession, (ctx, { params }) => extend(ctx, idOf(params.id))),
  bind(listIdentitySessions, (ctx, { params, query }, call) =>
    listOfIdentity(ctx, { identityId: idOf(params.id), active: query.active }, call),
  ),
  bind(deleteIdentitySessions, async (ctx, { params }) => {
    if ((await deleteSessionsOf(ctx, idOf(params.id))) === 0) throw ApiError.notFound()
    return empty()
  }),
]

function publicUrl(ctx: Context, path: string): string {
  return ctx.config.identity.serve.public.base_url.replace(/\/+$/, '') + path
}

function idOf(text: string): string {
  const id = parseId(text)
  if (!id) throw ApiError.badRequest({ message: 'The id must be a UUID.' })
  return id
}
