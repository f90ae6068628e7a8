import type { InstallationConfig } from '../configuration/index.ts'
import {
  administrators,
  browsers,
  type Call,
  createListener,
  matchesPath,
  type Route,
  redirect,
  routesOf,
  type TextReply,
} from '../kernel/http/index.ts'
import { withBothPaths } from './admin-paths.ts'
import { type Common, everyInterface, type ListenerPlan } from './plan.ts'
import type { Routes } from './routes.ts'

/** Kratos's public and admin listeners, which send each other the requests that came to the wrong one. */
export function kratosListeners({ metadata, identity }: Routes, common: Common): ListenerPlan[] {
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
      openTo: (ctx) => ctx.config.identity.serve.admin.base_url,
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
    isOpen: name === 'admin',
  }))
}

export function kratosAddress(name: 'public' | 'admin', { kratos }: InstallationConfig, usualHost = everyInterface) {
  const { host, port, socket } = kratos.serve[name]
  return {
    name,
    host: host || usualHost,
    port,
    socketMode: socket.mode,
    tls: (next: InstallationConfig) => next.kratos.tls[name],
  }
}

/** Health, version and metrics, which no browser asks for. */
function isForMachines({ csrf }: Route): boolean {
  return csrf === 'off'
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
