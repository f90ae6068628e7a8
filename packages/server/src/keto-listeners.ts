import { type Loaded, type PermissionConfig, sourceFile } from './kernel/config/index.ts'
import type { Context } from './kernel/context.ts'
import { createGrpcServer, shareWithGrpc } from './kernel/grpc/index.ts'
import { type CorsSettings, createListener, type Route } from './kernel/http/index.ts'
import type { Common, Listeners } from './listeners.ts'
import type { Routes } from './routes.ts'

type Name = keyof PermissionConfig['serve']

/**
 * Keto's listeners: questions, changes, metrics and the check of namespaces files, over HTTP and but for the metrics
 * over gRPC. None asks who is calling.
 */
export function ketoListeners(loaded: Loaded, { metadata, permission, calls }: Routes, common: Common): Listeners {
  const { serve } = loaded.config.permission
  const isMetrics = (route: Route) => route.path.startsWith('/metrics/')
  const meta = metadata.filter((route) => !isMetrics(route))
  const routes: Record<Name, Route[]> = {
    read: [...meta, ...permission.filter((route) => listenerOf(route) === 'read')],
    write: [...meta, ...permission.filter((route) => listenerOf(route) === 'write')],
    metrics: metadata.filter(isMetrics),
    opl: [...meta, ...permission.filter((route) => listenerOf(route) === 'opl')],
  }
  return (Object.keys(routes) as Name[]).map((name) => {
    const observers = common.observersOf('permission')
    const http = createListener({
      ...common,
      audience: 'services',
      routes: routes[name],
      cors: (ctx) => corsOf(ctx, name),
      observers,
    })
    if (name !== 'metrics') {
      shareWithGrpc(http, createGrpcServer({ services: calls[name], context: common.context, observers }))
    }
    return {
      name,
      http,
      // Keto listens on every interface where its file names none.
      host: serve[name].host || '0.0.0.0',
      port: serve[name].port,
      addressFile: sourceFile(serve[name].write_listen_file ?? '', process.cwd()),
    }
  })
}

function listenerOf({ path }: Route): Name {
  if (path.startsWith('/admin/')) return 'write'
  return path.startsWith('/opl/') ? 'opl' : 'read'
}

function corsOf({ config }: Context, name: Name): CorsSettings | undefined {
  const { cors } = config.permission.serve[name]
  if (!cors.enabled) return undefined
  return {
    allowedOrigins: cors.allowed_origins,
    allowedMethods: cors.allowed_methods,
    allowedHeaders: cors.allowed_headers,
    exposedHeaders: cors.exposed_headers,
    allowCredentials: cors.allow_credentials,
    maxAgeSeconds: cors.max_age,
  }
}
