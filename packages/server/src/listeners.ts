import { requireProjectToken } from './apikey/index.ts'
import type { AppListener } from './app.ts'
import type { InstallationConfig, Loaded, OriginalName } from './configuration/index.ts'
import type { TlsMaterial } from './kernel/config/tls.ts'
import type { Context } from './kernel/context.ts'
import { createGrpcServer, shareWithGrpc } from './kernel/grpc/index.ts'
import { corsSettings } from './kernel/http/cors-settings.ts'
import {
  administrators,
  browsers,
  type Call,
  type CsrfSettings,
  createListener,
  csrfCookieName,
  type ListenerOptions,
  matchesPath,
  type Route,
  redirect,
  routesOf,
  type TextReply,
} from './kernel/http/index.ts'
import { secure } from './kernel/tls.ts'
import { ketoListeners } from './keto-listeners.ts'
import type { Routes } from './routes.ts'
import type { Telemetry } from './telemetry.ts'

/** What a listener is made from. */
export interface ListenerPlan extends Omit<AppListener, 'renew' | 'isSecure'> {
  /** Whether gRPC is spoken on the same port. */
  readonly grpc: boolean
  /** The certificate that a configuration gives it; none where it speaks plain HTTP. */
  readonly tls: (settings: InstallationConfig) => TlsMaterial | undefined
}

/** One origin in project mode; the originals' own listeners in drop-in mode. */
export function listenersFor(loaded: Loaded, routes: Routes, from: Surroundings): AppListener[] {
  const { observers: observersOf, ...surroundings } = from
  const common = { ...surroundings, observersOf, csrf: csrfSettings, cors: corsSettings }
  const plans =
    loaded.mode === 'drop-in'
      ? (loaded.originals ?? []).flatMap((original) => listenersOf[original](routes, common))
      : oneOrigin(routes, common)
  return plans.map(({ tls, grpc, ...listener }) => {
    const material = tls(from.settings())
    if (!material) return { ...listener, isSecure: false, renew: () => {} }
    const layer = secure(listener.http, material, { grpc })
    const renew = (settings: InstallationConfig) => {
      const renewed = tls(settings)
      if (renewed) layer.renew(renewed)
    }
    return { ...listener, isSecure: true, renew }
  })
}

const listenersOf: Record<OriginalName, (routes: Routes, common: Common) => ListenerPlan[]> = {
  kratos: kratosListeners,
  keto: ketoListeners,
}

export interface Surroundings extends Pick<ListenerOptions, 'context' | 'trustedProxies'> {
  observers: Telemetry['observers']
  /** As of the newest configuration. */
  settings: () => InstallationConfig
}

export interface Common extends Pick<ListenerOptions, 'context' | 'trustedProxies' | 'csrf' | 'cors'> {
  observersOf: Telemetry['observers']
  settings: () => InstallationConfig
}

function oneOrigin({ metadata, identity, permission, calls }: Routes, common: Common): ListenerPlan[] {
  const observers = common.observersOf('public')
  const routes = [...metadata, ...identity, ...permission]
  const authorize = requireProjectToken
  const http = createListener({ ...common, audience: browsers, routes, authorize, observers })
  const { context } = common
  shareWithGrpc(http, createGrpcServer({ services: calls.origin, context, authorize, observers }))
  return [{ ...kratosAddress('public', common.settings()), http, grpc: true }]
}

function kratosListeners({ metadata, identity }: Routes, common: Common): ListenerPlan[] {
  const routes = [...metadata, ...identity]
  const open = routesOf('kratos-public', routes)
  const closed = routesOf('kratos-admin', routes)
  const forwarded = closed.filter((route) => !isForMachines(route) && route.forwarded !== false)
  // What programs ask on the administrators' listener sets no cookies on the other.
  const noCookiePaths = closed.filter((route) => isForMachines(route) && !open.includes(route)).map(({ path }) => path)
  const http = {
    public: createListener({
      ...common,
      audience: browsers,
      observers: common.observersOf('public'),
      routes: open,
      noCookiePaths,
      fallback: (ctx, call) =>
        forward(forwarded, ctx.config.identity.serve.admin.base_url, toAdminPath(forwarded, call)),
    }),
    admin: createListener({
      ...common,
      audience: administrators,
      observers: common.observersOf('admin'),
      routes: withBothPaths(closed),
      fallback: (ctx, call) =>
        forward(open, ctx.config.identity.serve.public.base_url, call.target.replace(/^\/admin\//, '/')),
    }),
  }
  return (['public', 'admin'] as const).map((name) => ({
    ...kratosAddress(name, common.settings()),
    http: http[name],
    grpc: false,
  }))
}

function kratosAddress(name: 'public' | 'admin', { kratos }: InstallationConfig) {
  const { host, port, socket } = kratos.serve[name]
  return { name, host, port, socketMode: socket.mode, tls: (next: InstallationConfig) => next.kratos.tls[name] }
}

/** Health, version and metrics, which no browser asks for. */
function isForMachines({ csrf }: Route): boolean {
  return csrf === 'off'
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
function forward(routes: readonly Route[], base: string, target: string): TextReply | undefined {
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
