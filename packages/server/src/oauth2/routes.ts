import { ApiError, type OperationSpec, rooms } from '@latchkey/api'
import type { Context } from '../kernel/context.ts'
import { type Call, handlers, json, type Reply, type Route } from '../kernel/http/index.ts'
import { authorize } from './authorize/endpoint.ts'
import { originsOfClient } from './clients/origins.ts'
import { clientHandlers } from './clients/routes.ts'
import { requestHandlers } from './consent/routes.ts'
import { verifyDevice } from './device/verify.ts'
import { serverMetadata } from './discovery/metadata.ts'
import { errorPage, fallbackPage, fallbacks } from './fallback.ts'
import { logout } from './logout/flow.ts'
import { pushHandlers } from './par/routes.ts'
import { tokenHandlers } from './token/routes.ts'
import { userinfo } from './token/userinfo.ts'
import { trustHandlers } from './trust/routes.ts'

const { oAuth2Authorize, performOAuth2DeviceVerificationFlow, revokeOidcSession, getOidcUserInfo, ...operations } =
  rooms.oauth2

/** Neither anti-CSRF tokens nor JSON by content type: bodies and parameters are read as Hydra does. */
const routes = handlers(
  operations,
  {
    ...clientHandlers,
    ...requestHandlers,
    ...tokenHandlers,
    ...trustHandlers,
    ...pushHandlers,
    discoverOidcConfiguration: {
      // The first request generates the keys.
      changes: true,
      handle: async (ctx) => json(200, await serverMetadata(ctx)),
    },
  },
  { csrf: 'off', query: 'raw', body: 'raw' },
)

/** Endpoints that browsers are sent to, or whose answers have several forms. */
const pages: readonly Route[] = [
  { ...page(oAuth2Authorize, authorize), changes: true },
  { ...page(performOAuth2DeviceVerificationFlow, verifyDevice), changes: true },
  { ...page(revokeOidcSession, logout), changes: true },
  page(getOidcUserInfo, userinfo),
  // RFC 6749, section 3.1, and OpenID Connect Core 1.0, sections 3.1.2.1 and 5.3.1, allow POST as well.
  { ...page(oAuth2Authorize, authorize), method: 'POST' },
  { ...page(revokeOidcSession, logout), method: 'POST' },
  { ...page(getOidcUserInfo, userinfo), method: 'POST' },
  ...fallbacks.map((fallback) => ({
    ...page(oAuth2Authorize, async () => fallbackPage(fallback)),
    path: `/oauth2/fallbacks/${fallback.path}`,
  })),
  { ...page(oAuth2Authorize, async (_ctx, call) => errorPage(call)), path: '/oauth2/fallbacks/error' },
  // RFC 8414, section 3.
  { ...routes.discoverOidcConfiguration, path: '/.well-known/oauth-authorization-server' },
]

function page(operation: OperationSpec, handle: (ctx: Context, call: Call) => Promise<Reply>): Route {
  const { method, path, plane, access, errorStyle, listeners } = operation
  return { method, path, plane, access, errorStyle, listeners, csrf: 'off', handle }
}

/** Whose errors must not be cached either (RFC 6749, section 5.2). */
const uncached = ['/oauth2/token', '/oauth2/par', '/oauth2/revoke', '/oauth2/device/auth', '/admin/oauth2/introspect']

/** Every route of OAuth2 and OpenID Connect. */
export const oauth2Routes: readonly Route[] = [...Object.values<Route>(routes), ...pages]
  .map((route) => (uncached.includes(route.path) ? withUncachedErrors(route) : route))
  .map((route) => (route.plane === 'public' ? { ...route, ownOrigins: originsOfClient } : route))

function withUncachedErrors(route: Route): Route {
  const handle = async (ctx: Context, call: Call) => {
    try {
      return await route.handle(ctx, call)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const headers = { 'cache-control': 'no-store', ...error.headers }
      throw new ApiError(error.code, { ...error.parts, message: error.message, headers })
    }
  }
  return { ...route, handle }
}
