import { requireProjectToken } from './apikey/index.ts'
import type { App } from './app.ts'
import type { Loaded, Original } from './kernel/config/index.ts'
import type { Context } from './kernel/context.ts'
import { actingAsShared, anonymous } from './kernel/derived-context.ts'
import { createGrpcServer, shareWithGrpc } from './kernel/grpc/index.ts'
import { corsSettings } from './kernel/http/cors-settings.ts'
import {
  type Call,
  type CsrfSettings,
  createListener,
  csrfCookieName,
  type ListenerOptions,
  matchesPath,
  type Reply,
  type Route,
  redirect,
} from './kernel/http/index.ts'
import { ketoListeners } from './keto-listeners.ts'
import type { Routes } from './routes.ts'
import type { Telemetry } from './telemetry.ts'

export type Listeners = App['listeners']

/** One origin in project mode; the originals' own listeners in drop-in mode. */
export function listenersFor(loaded: Loaded, routes: Routes, from: Surroundings): Listeners {
  const { context, trustedProxies, observers } = from
  const common = { context, trustedProxies, observersOf: observers, csrf: csrfSettings, cors: corsSettings }
  if (loaded.mode !== 'drop-in') return oneOrigin(loaded, routes, common)
  return (loaded.originals ?? ['kratos']).flatMap((original) => asOriginal[original](loaded, routes, common))
}

const asOriginal: Record<Original, (loaded: Loaded, routes: Routes, common: Common) => Listeners> = {
  kratos: kratosListeners,
  keto: ketoListeners,
}

export interface Surroundings extends Pick<ListenerOptions, 'context' | 'trustedProxies'> {
  observers: Telemetry['observers']
}

export interface Common extends Pick<ListenerOptions, 'context' | 'trustedProxies' | 'csrf' | 'cors'> {
  observersOf: Telemetry['observers']
}

function oneOrigin(loaded: Loaded, { metadata, identity, permission, calls }: Routes, common: Common): Listeners {
  const authorise = (ctx: Context, route: Route, call: Call) =>
    route.plane === 'public' ? actingAsShared(ctx, anonymous) : requireProjectToken(ctx, call)
  const observers = common.observersOf('public')
  const routes = [...metadata, ...identity, ...permission]
  const http = createListener({ ...common, audience: 'public', routes, authorise, observers })
  const { context } = common
  shareWithGrpc(http, createGrpcServer({ services: calls.origin, context, authorise: requireProjectToken, observers }))
  const { host, port } = loaded.config.identity.serve.public
  return [{ name: 'public', http, host: host || '127.0.0.1', port }]
}

function kratosListeners(loaded: Loaded, { metadata, identity }: Routes, common: Common): Listeners {
  const { serve } = loaded.config.identity
  const routes = [...metadata, ...identity]
  const open = routes.filter((route) => route.plane === 'public' && !quiet.includes(route.path))
  const closed = routes.filter((route) => route.plane === 'admin' || isForMachines(route))
  const forwarded = closed.filter(
    (route) => !isForMachines(route) && !notForwarded.some((path) => route.path.startsWith(path)),
  )
  const http = {
    public: createListener({
      ...common,
      audience: 'public',
      observers: common.observersOf('public'),
      routes: open,
      quiet,
      elsewhere: (ctx, call) =>
        forward(forwarded, ctx.config.identity.serve.admin.base_url, toAdminPath(forwarded, call)),
    }),
    admin: createListener({
      ...common,
      audience: 'admin',
      observers: common.observersOf('admin'),
      routes: withBothPaths(closed),
      elsewhere: (ctx, call) =>
        forward(open, ctx.config.identity.serve.public.base_url, call.target.replace(/^\/admin\//, '/')),
    }),
  }
  return [
    { name: 'public', http: http.public, host: serve.public.host, port: serve.public.port },
    { name: 'admin', http: http.admin, host: serve.admin.host, port: serve.admin.port },
  ]
}

/** Where the original answers on its admin listener only, without cookies on the other. */
const quiet = ['/version', '/metrics/prometheus']

/** Administrators' paths that the original does not send on from its public listener. */
const notForwarded = ['/admin/sessions']

function isForMachines({ path }: Route): boolean {
  return path.startsWith('/health/') || quiet.includes(path)
}

/** On the admin listener every path answers with and without its `/admin`. */
function withBothPaths(routes: readonly Route[]): Route[] {
  return routes.flatMap((route) => [
    route,
    { ...route, path: route.path.startsWith('/admin/') ? route.path.slice('/admin'.length) : `/admin${route.path}` },
  ])
}

function toAdminPath(routes: readonly Route[], call: Call): string {
  const isShort = routes.some((route) => matchesPath(route.path, `/admin${call.path}`))
  return isShort ? `/admin${call.target}` : call.target
}

/** Sends a request to the other listener, where its path is served there. */
function forward(routes: readonly Route[], base: string, target: string): Reply | undefined {
  const path = target.split('?')[0] ?? ''
  if (!routes.some((route) => matchesPath(route.path, path))) return undefined
  return redirect(base.replace(/\/+$/, '') + target, 307)
}

const csrfByConfig = new WeakMap<object, CsrfSettings>()

function csrfSettings(ctx: Context): CsrfSettings {
  const { identity } = ctx.config
  const known = csrfByConfig.get(identity)
  if (known) return known
  const { cookies, dev, serve } = identity
  const secure = cookies.secure ?? !dev
  const cookie = {
    path: cookies.path,
    domain: cookies.domain,
    secure,
    sameSite: secure ? cookies.same_site : ('Lax' as const),
  }
  const made = { cookieName: csrfCookieName(serve.public.base_url), cookie }
  csrfByConfig.set(identity, made)
  return made
}
