import type { HydraListenerName, InstallationConfig } from '../configuration/index.ts'
import { sourceFile } from '../kernel/config/index.ts'
import type { Context } from '../kernel/context.ts'
import {
  type CorsSettings,
  clientAdministrators,
  clients,
  createListener,
  redirect,
  routesOf,
  unknownPath,
} from '../kernel/http/index.ts'
import { withBothPaths } from './admin-paths.ts'
import { type Common, everyInterface, type ListenerPlan } from './plan.ts'
import type { Routes } from './routes.ts'

/** Hydra's public and admin listeners. */
export function hydraListeners({ metadata, oauth2 }: Routes, common: Common): ListenerPlan[] {
  const routes = [...metadata, ...oauth2]
  const http = {
    public: createListener({
      ...common,
      audience: clients,
      observers: common.observersOf('oauth2-public'),
      routes: routesOf('hydra-public', routes),
      cors: (ctx) => corsOf(ctx, 'public'),
      // The original cleans the path before it looks it up, and so sends the root to itself.
      fallback: (_ctx, call) => (call.path === '/' ? redirect('/', 307) : unknownPath(call)),
    }),
    admin: createListener({
      ...common,
      audience: clientAdministrators,
      observers: common.observersOf('oauth2-admin'),
      openTo: ({ config }) => config.oauth2.urls.self.admin,
      routes: withBothPaths(routesOf('hydra-admin', routes)),
      cors: (ctx) => corsOf(ctx, 'admin'),
      fallback: (_ctx, call) => (/^\/(admin\/?)?$/.test(call.path) ? unknownPath(call) : undefined),
    }),
  }
  return (['public', 'admin'] as const).map((name) => ({
    ...addressOf(name, common.settings()),
    http: http[name],
    grpc: false,
    isOpen: name === 'admin',
  }))
}

function addressOf(name: HydraListenerName, { hydra }: InstallationConfig) {
  const { host, port, socket, write_listen_file } = hydra.serve[name]
  return {
    name,
    host: host || everyInterface,
    port,
    socketMode: socket.mode,
    addressFile: sourceFile(write_listen_file ?? '', process.cwd()),
    tls: (next: InstallationConfig) => next.hydra.tls[name],
  }
}

function corsOf({ config }: Context, name: HydraListenerName): CorsSettings | undefined {
  const { cors } = config.oauth2.serve[name]
  if (!cors.enabled) return undefined
  return {
    // As in Hydra, no list of origins allows all of them.
    allowedOrigins: cors.allowed_origins.length > 0 ? cors.allowed_origins : ['*'],
    allowedMethods: cors.allowed_methods,
    allowedHeaders: cors.allowed_headers,
    exposedHeaders: cors.exposed_headers,
    allowCredentials: cors.allow_credentials,
    maxAgeSeconds: cors.max_age,
  }
}
