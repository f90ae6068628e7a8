import { posix } from 'node:path'
import { ApiError, answeringOf, httpMethods } from '@latchkey/api'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Authorize, callerContext } from '../caller.ts'
import type { Context } from '../context.ts'
import { type ContextLookup, ifLoaded } from '../context-lookup.ts'
import type { Audience } from './audience.ts'
import { Call } from './call.ts'
import { answerClientError } from './client-error.ts'
import { type Closing, closingOf } from './closing.ts'
import { lenientContentType } from './content-type.ts'
import { allows, type CorsSettings, corsHeaders, preflight } from './cors.ts'
import type { CsrfSettings } from './csrf.ts'
import { csrfViolation } from './csrf-violation.ts'
import { errorBody } from './error-body.ts'
import { toApiError } from './failure.ts'
import { refuseForeignPages } from './foreign-pages.ts'
import type { Observed, Observer } from './observed.ts'
import { json, plain, type Reply, redirect } from './reply.ts'
import type { Route } from './route.ts'
import { type Headers, send } from './send.ts'
import { sendStream } from './stream.ts'

/** The options of a listener. */
export interface ListenerOptions {
  readonly audience: Audience
  readonly routes: readonly Route[]
  /** Finds the project of a host name. */
  readonly context: ContextLookup
  /** Authenticates callers of non-public routes; if undefined, everybody may call. */
  readonly authorize?: Authorize
  readonly csrf: (ctx: Context) => CsrfSettings
  readonly cors: (ctx: Context) => CorsSettings | undefined
  /** Paths of machine clients, which receive no cookie even if the path is not served. */
  readonly noCookiePaths?: readonly string[]
  /**
   * Given for a listener that answers everybody who can reach it: its base URL. Pages of other origins are refused, as
   * they reach it through the browser of somebody else.
   */
  readonly openTo?: (ctx: Context) => string
  /** Handles paths that are not served here. */
  readonly fallback?: (ctx: Context, call: Call) => Reply | undefined
  /** Called for every response; must not throw. */
  readonly observers?: readonly Observer[]
  /** Proxies whose `X-Forwarded-For` is trusted; if undefined, the client address is that of the peer. */
  readonly trustedProxies?: readonly string[]
  /** The timeouts for receiving the headers and the complete request. */
  readonly timeouts?: { headersMs: number; requestMs: number }
}

/** The maximum body size. */
const bodyLimit = 1 << 20
/** The maximum size of request line and headers. */
const headersLimit = 64 << 10
const usualTimeouts = { headersMs: 15_000, requestMs: 60_000 }
const methods = httpMethods.toSorted()
const noStore = 'private, no-cache, no-store, must-revalidate'

/** Creates an HTTP server for a set of routes; the caller calls `listen`. */
export function createListener(options: ListenerOptions): FastifyInstance {
  const { headersMs, requestMs } = options.timeouts ?? usualTimeouts
  const app = Fastify({
    bodyLimit,
    exposeHeadRoutes: false,
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    forceCloseConnections: 'idle',
    // Requests received before the shutdown are answered, including pipelined ones.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: options.audience.trimsSlash ?? false },
    requestTimeout: requestMs,
    clientErrorHandler: answerClientError,
    // A path segment that is too long or cannot be decoded matches no resource.
    frameworkErrors: (_error, request, reply) =>
      void sendFailure(options, closing, Object.assign(new Error('path'), { statusCode: 404 }), request, reply),
    http: {
      maxHeaderSize: headersLimit,
      headersTimeout: headersMs,
      connectionsCheckingInterval: Math.min(5000, headersMs),
    },
  })
  const closing = closingOf(app)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  for (const route of options.routes.map((open) => authorizeRoute(open, options.authorize))) {
    app.route({
      method: route.method === 'GET' ? ['GET', 'HEAD'] : route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      ...(route.method !== 'GET' && { onRequest: lenientContentType(route.readsText ?? false) }),
      handler: (request, reply) => answer(options, closing, route, { request, reply }),
    })
  }
  app.setNotFoundHandler((request, reply) =>
    answer(options, closing, undefined, { request, reply, allow: allowedMethods(app, request) }),
  )
  app.setErrorHandler((error, request, reply) => sendFailure(options, closing, error, request, reply))
  return app
}

async function answer(
  options: ListenerOptions,
  closing: Closing,
  route: Route | undefined,
  { request, reply, allow = [] }: { request: FastifyRequest; reply: FastifyReply; allow?: readonly string[] },
): Promise<FastifyReply> {
  const startedAt = performance.now()
  const found = options.context(request.headers.host)
  const ctx = found instanceof Promise ? await found : found
  if (!ctx) return send(reply, plain(404, '404 page not found\n'), { ...closing.headers })
  const call = new Call(request, ctx, options.csrf(ctx), reply.raw)
  let answered: Reply
  try {
    answered = await runHandler(options, ctx, route, call, allow)
  } catch (error) {
    answered = errorReply(ctx, call, { error, route })
  }
  const headers = commonHeaders(options, ctx, route, call, answered)
  const origins = route?.ownOrigins && (await ownOriginHeaders(options, ctx, route, call))
  if (origins) Object.assign(headers, origins)
  if (closing.headers) Object.assign(headers, closing.headers)
  const cookies = options.audience.csrf && call.method !== 'HEAD' ? call.csrfIfUsed?.cookies() : undefined
  if (cookies?.length) headers['set-cookie'] = cookies
  const { method } = call
  const { status, stream } = answered
  if (stream && method !== 'HEAD') {
    const onEnd = () =>
      observe(options, { route, call, ctx, method, status, durationMs: performance.now() - startedAt })
    sendStream(reply, { ...answered, stream }, headers, { ctx, closing, ended: onEnd })
    return reply
  }
  observe(options, { route, call, ctx, method, status, durationMs: performance.now() - startedAt, reply: answered })
  const follows = answered.status >= 300 && answered.status <= 399 && method !== 'GET' && method !== 'HEAD'
  return send(reply, follows ? withoutBody(answered) : answered, headers, method === 'HEAD')
}

function observe({ observers = [] }: ListenerOptions, seen: Observed): void {
  for (const observer of observers) observer(seen)
}

async function runHandler(
  options: ListenerOptions,
  ctx: Context,
  route: Route | undefined,
  call: Call,
  allow: readonly string[],
): Promise<Reply> {
  const safe = call.method === 'GET' || call.method === 'HEAD'
  if (options.audience.cors !== 'never' && isPreflight(call)) {
    const cors = options.cors(ctx)
    if (cors || options.audience.cors === 'always') return preflight(cors, call)
  }
  if (options.openTo) refuseForeignPages(call, { baseUrl: options.openTo(ctx), cors: options.cors(ctx) })
  if (options.audience.csrf) {
    if (guardOf(options, ctx, route, call) === 'set') {
      if (!call.csrf.hadCookie && call.method !== 'HEAD') call.csrf.ensure()
      if (!safe && call.method !== 'OPTIONS') throw csrfViolation(call)
    }
  }
  if (route?.changes && call.method === 'HEAD') return { status: 200 }
  if (route) return route.handle(ctx, call)
  if (allow.length > 0 && !options.audience.hidesMethods)
    return plain(405, 'Method Not Allowed', { headers: { allow: allow.join(', ') } })
  const other = toCleanPath(options, call) ?? options.fallback?.(ctx, call)
  if (other) return other
  return plain(404, '404 page not found\n')
}

/** As in Kratos, a path with empty or dotted segments leads to the path that it means, if that is served here. */
function toCleanPath({ routes }: ListenerOptions, call: Call): Reply | undefined {
  const path = posix.normalize(call.path)
  if (path === call.path || !routes.some((route) => matchesPath(route.path, path))) return undefined
  return redirect(path + call.target.slice(call.path.length), 307)
}

/** The route with a handler that receives the context in which the caller acts. */
function authorizeRoute(route: Route, authorize: Authorize | undefined): Route {
  const actingOn = callerContext(answeringOf(route).access === 'public', authorize)
  return {
    ...route,
    handle(ctx, call) {
      const acting = actingOn(ctx, call)
      return acting instanceof Promise ? acting.then((it) => route.handle(it, call)) : route.handle(acting, call)
    },
  }
}

/** Whether this is a CORS preflight request (Fetch standard, section 3.2.2). */
function isPreflight(call: Call): boolean {
  return call.method === 'OPTIONS' && Boolean(call.header('access-control-request-method'))
}

/** The anti-CSRF mode of a request: that of its route, or of another method of the same path. */
function guardOf(options: ListenerOptions, ctx: Context, route: Route | undefined, call: Call): Route['csrf'] {
  if (route) return route.csrf
  if (options.noCookiePaths?.includes(call.path)) return 'off'
  const siblings = options.routes.filter(({ path }) => matchesPath(path, call.path))
  const lenient = siblings.find(({ csrf }) => csrf !== 'set')
  if (lenient) return lenient.csrf
  return siblings.length === 0 && options.fallback?.(ctx, call) ? 'ignore' : 'set'
}

/** Whether a path matches a path template of the contract. */
export function matchesPath(pattern: string, path: string): boolean {
  const [wanted, found] = [pattern.split('/'), path.split('/')]
  return (
    wanted.length === found.length &&
    wanted.every((part, i) => part === found[i] || (part.startsWith('{') && found[i] !== ''))
  )
}

/** The headers of every response, by audience. */
function commonHeaders(
  options: ListenerOptions,
  ctx: Context,
  route: Route | undefined,
  call: Call,
  answered: Reply,
): Headers {
  const headers: Headers = { 'x-content-type-options': 'nosniff' }
  if (!answered.headers?.['content-security-policy']) headers['x-frame-options'] = 'DENY'
  if (call.method === 'GET' && options.audience.noStore) headers['cache-control'] = noStore
  if (options.audience.cors === 'never') return headers
  if (call.method === 'OPTIONS' && answered.status === 204) return headers
  const cors = options.cors(ctx)
  if (!cors && options.audience.cors === 'configured') return headers
  const seesCookies = options.audience.csrf && guardOf(options, ctx, route, call) !== 'off'
  headers.vary = seesCookies ? 'Origin, Cookie' : 'Origin'
  const origin = call.header('origin')
  return origin ? Object.assign(headers, corsHeaders(cors, origin)) : headers
}

/** CORS for an origin that the configuration does not allow, but the caller of the route. */
async function ownOriginHeaders({ cors }: ListenerOptions, ctx: Context, { ownOrigins }: Route, call: Call) {
  const [origin, settings] = [call.header('origin'), cors(ctx)]
  if (!origin || !settings || !ownOrigins || allows(settings, origin)) return undefined
  return corsHeaders({ ...settings, allowedOrigins: await ownOrigins(ctx, call) }, origin)
}

/** Browsers ignore the body of a redirect after a form submission. */
function withoutBody({ text: _t, contentType: _c, ...answered }: Reply): Reply {
  return answered
}

function errorReply(ctx: Context, call: Call, of: { error: unknown; route: Route | undefined }): Reply {
  const error = toApiError(ctx.log, of.error, call)
  return json(error.httpStatus, errorBody(error, of.route?.errorStyle), { headers: error.headers })
}

/**
 * Responds to errors before a handler is called: of Fastify itself, such as a body that is too large, and of the look-up of
 * the project.
 */
function sendFailure(
  options: ListenerOptions,
  closing: Closing,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const ctx = ifLoaded(options.context(request.headers.host)) ?? ifLoaded(options.context(undefined))
  const { method } = request
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const path = request.url.replace(/\?.*/s, '')
  const refused = status < 500 ? refusalOf(status) : toApiError(ctx?.log, error, { method, path })
  const durationMs = reply.elapsedTime
  observe(options, { route: undefined, call: undefined, ctx, method, status: refused.code, durationMs })
  return send(
    reply,
    { status: refused.code, body: refused, contentType: 'application/json; charset=utf-8' },
    { 'x-content-type-options': 'nosniff', ...refused.headers, ...closing.headers },
    method === 'HEAD',
  )
}

function refusalOf(status: number): ApiError {
  if (status === 413) return ApiError.tooLarge(bodyLimit)
  if (status === 404) return ApiError.notFound()
  if (status === 415) return ApiError.unsupportedMediaType({ reason: 'The header Content-Type is not a media type.' })
  return ApiError.badRequest()
}

/** The Allow header of a path (RFC 9110, section 10.2.1). */
function allowedMethods(app: FastifyInstance, request: FastifyRequest): string[] {
  const url = request.url.replace(/\?.*/s, '')
  const found = methods.filter((method) => app.findRoute({ method: method as 'GET', url }) || matches(app, method, url))
  return found.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).sort()
}

function matches(app: FastifyInstance, method: string, url: string): boolean {
  return app.hasRoute({ method: method as 'GET', url })
}
