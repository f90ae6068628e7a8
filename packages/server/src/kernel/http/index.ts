export { type Audience, administrators, browsers, clientAdministrators, clients, services } from './audience.ts'
export { bearerToken } from './bearer.ts'
export { type BodyStyle, hydraBody, importBody, typeChecker, usualBody } from './body.ts'
export { Call, requestId } from './call.ts'
export { announceClose, endsOnClose } from './closing.ts'
export { type CookieOptions, cookieNames, setCookie } from './cookies.ts'
export type { CorsSettings } from './cors.ts'
export { type CsrfSettings, csrfCookieName } from './csrf.ts'
export { csrfViolation } from './csrf-violation.ts'
export { toApiError } from './failure.ts'
export { handlers } from './input.ts'
export { hasMoreValues, parseJson } from './json.ts'
export { createListener, type ListenerOptions, matchesPath } from './listener.ts'
export type { Observed, Observer } from './observed.ts'
export { forOldClients, isOldClient } from './old-clients.ts'
export {
  type EmptyReply,
  empty,
  emptyJson,
  eventStream,
  html,
  type JsonReply,
  json,
  jsonText,
  plain,
  type Reply,
  redirect,
  type StreamReply,
  type TextReply,
} from './reply.ts'
export {
  type Handler,
  type Received,
  type ReplyTo,
  type Room,
  type RoomHandlers,
  type Route,
  type RouteOptions,
  routesOf,
} from './route.ts'
export { isLoopback, isTrustedHost } from './trusted-host.ts'
export { unknownPath } from './unknown-path.ts'
