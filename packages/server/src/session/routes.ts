import { ApiError, rooms } from '@latchkey/api'
import { parseId } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import {
  empty,
  emptyJson,
  handlers,
  isOldClient,
  json,
  jsonText,
  type Route,
  redirect,
  usualBody,
} from '../kernel/http/index.ts'
import { keysetLinks, keysetPage, type Listing } from '../kernel/http/keyset-pages.ts'
import { numberedLinks, numberedPage } from '../kernel/http/numbered-pages.ts'
import { isUuid } from '../kernel/uuid.ts'
import { refuseActing } from './acting.ts'
import { cacheForMissingSecret, cacheForSession } from './cache-for.ts'
import { presentedTokens, requireAssuredSession } from './caller.ts'
import { requireSite } from './device-bound/enabled.ts'
import { refreshDevice } from './device-bound/refresh.ts'
import { registerDevice } from './device-bound/register.ts'
import { deviceBoundUrls } from './device-bound/urls.ts'
import { extendSession } from './extend.ts'
import { getSession } from './get.ts'
import { listSessions } from './list.ts'
import { listMySessions, listSessionsOf, type SessionPage } from './list-of-identity.ts'
import { manageSessions } from './manage.ts'
import { actingAsOwner, unauthenticatedError } from './resolve.ts'
import { deleteSessionsOf, revokeMySession, revokeSession, signOutElsewhere } from './revoke.ts'
import { parseExpansion } from './view.ts'
import { whoami } from './whoami.ts'

const pageSizes = { size: 250, largest: 1000 }
const listing: Listing = { name: 'sessions', ...pageSizes, refuse: (reason) => ApiError.badRequest({ reason }) }

const routes = handlers(rooms.session, {
  toSession: async (ctx, { query }, call) => {
    const tokens = presentedTokens(ctx, call)
    if (tokens.length === 0) throw unauthenticatedError({ headers: cacheForMissingSecret(ctx) })
    const { tokenize_as: tokenizeAs } = query
    const { identityId, text, usableUntil } = await whoami(ctx, call, tokens, { tokenizeAs })
    const headers = {
      // For proxies that authenticate requests and pass the header on, such as nginx and Traefik (Kratos).
      'x-kratos-authenticated-identity-id': identityId,
      ...(!tokenizeAs && cacheForSession(ctx, usableUntil)),
    }
    return jsonText(200, text, { headers })
  },
  listMySessions: async (ctx, _input, call) => {
    const { session } = await requireAssuredSession(ctx, call)
    const page = numberedPage(call.search, pageSizes)
    return numberedReply(await listMySessions(ctx, session, page), page, call)
  },
  disableMyOtherSessions: async (ctx, _input, call) => {
    const signed = await requireAssuredSession(ctx, call)
    refuseActing(signed.session)
    return json(200, { count: await signOutElsewhere(actingAsOwner(ctx, signed), signed.session) })
  },
  disableMySession: async (ctx, { params }, call) => {
    const signed = await requireAssuredSession(ctx, call)
    refuseActing(signed.session)
    if (!isUuid(params.id)) throw ApiError.badRequest()
    await revokeMySession(actingAsOwner(ctx, signed), signed.session, params.id.toLowerCase())
    return emptyJson()
  },

  registerBoundSession: (ctx, _input, call) => registerDevice(ctx, call),
  refreshBoundSession: (ctx, _input, call) => refreshDevice(ctx, call),
  getBoundSessionOrigins: {
    csrf: 'off',
    handle: (ctx) => {
      requireSite(ctx)
      return json(200, { registering_origins: [deviceBoundUrls(ctx).origin] })
    },
  },

  listSessions: async (ctx, { query }, call) => {
    const { search, path } = call
    const expand = expansionFor(call, query.expand)
    const page = keysetPage(ctx, search, listing)
    const { sessions, next } = await listSessions(ctx, { active: query.active, expand }, page)
    const link = keysetLinks(ctx, listing, { path, search, size: page.size, next })
    return jsonText(200, sessions, { headers: { link } })
  },
  manageSessions: {
    // As in Kratos, the content type does not matter.
    body: { ...usualBody, typed: false, firstValueOnly: true },
    handle: async (ctx, { body }) => json(200, await manageSessions(ctx, body ?? {})),
  },
  getSession: async (ctx, { params, query }, call) => {
    // Kratos redirects callers that ask for their own session to whoami.
    if (params.id === 'whoami') return redirect(publicUrl(ctx, '/sessions/whoami'), 307)
    return jsonText(200, await getSession(ctx, requireId(params.id), expansionFor(call, query.expand)))
  },
  disableSession: async (ctx, { params }) => {
    if (!(await revokeSession(ctx, requireId(params.id)))) throw ApiError.notFound()
    return emptyJson()
  },
  extendSession: async (ctx, { params }) => {
    const session = await extendSession(ctx, requireId(params.id))
    return ctx.config.identity.feature_flags.faster_session_extend ? empty() : jsonText(200, session)
  },
  listIdentitySessions: async (ctx, { params, query }, call) => {
    const filter = { identityId: requireId(params.id), active: query.active }
    const page = numberedPage(call.search, pageSizes)
    return numberedReply(await listSessionsOf(ctx, filter, page), page, call)
  },
  deleteIdentitySessions: async (ctx, { params }) => {
    await deleteSessionsOf(ctx, requireId(params.id))
    return empty()
  },
})

/** On its public listener, Kratos does not redirect these to the admin API. */
const notForwarded = ({ path }: Route) => path === '/admin/sessions' || path.startsWith('/admin/sessions/')

/** Self-service operations on one's own sessions, and administration of all sessions. */
export const sessionRoutes: readonly Route[] = [
  ...Object.values(routes).map((route) => (notForwarded(route) ? { ...route, forwarded: false as const } : route)),
  // POST works like GET, for proxies that forward the original method (Kratos).
  { ...routes.toSession, method: 'POST' },
  // Only people end their own sessions all at once, so that is where Kratos sends this.
  {
    method: 'DELETE',
    path: '/admin/sessions',
    plane: 'admin',
    csrf: 'ignore',
    forwarded: false,
    handle: (ctx) => empty(307, { headers: { location: publicUrl(ctx, '/sessions') } }),
  },
]

function numberedReply(
  { sessions, total }: SessionPage,
  page: ReturnType<typeof numberedPage>,
  { path, search }: { path: string; search: URLSearchParams },
) {
  const headers = { link: numberedLinks(path, search, page, total), 'x-total-count': String(total) }
  return jsonText(200, sessions, { headers })
}

/** Clients of the 1.1 line expect every session to have an identity. */
function expansionFor(call: Parameters<typeof isOldClient>[0], asked: readonly string[] | undefined) {
  const expand = parseExpansion(asked)
  return isOldClient(call) ? { ...expand, identity: true } : expand
}

function publicUrl(ctx: Context, path: string): string {
  return ctx.config.identity.serve.public.base_url.replace(/\/+$/, '') + path
}

function requireId(text: string): string {
  const id = parseId(text)
  if (!id) throw ApiError.badRequest({ message: 'The id must be a UUID.' })
  return id
}
