import type { InstallationConfig, KetoListenerName } from './configuration/index.ts'
import { sourceFile } from './kernel/config/index.ts'
import { createGrpcServer, shareWithGrpc } from './kernel/grpc/index.ts'
import { type CorsSettings, createListener, type Route } from './kernel/http/index.ts'
import type { Common, ListenerPlan } from './listeners.ts'
import type { Routes } from './routes.ts'

/**
 * Keto's listeners: questions, changes, metrics and the check of namespaces files, over HTTP and but for the metrics
 * over gRPC. None asks who is calling.
 */
export function ketoListeners({ metadata, permission, calls }: Routes, common: Common): ListenerPlan[] {
  const { serve } = common.settings().keto
  const isMetrics = (route: Route) => route.path.startsWith('/metrics/')
  const meta = metadata.filter((route) => !isMetrics(route))
  const routes: Record<KetoListenerName, Route[]> = {
    read: [...meta, ...permission.filter((route) => listenerOf(route) === 'read')],
    write: [...meta, ...permission.filter((route) => listenerOf(route) === 'write')],
    metrics: metadata.filter(isMetrics),
    opl: [...meta, ...permission.filter((route) => listenerOf(route) === 'opl')],
  }
  return (Object.keys(routes) as KetoListenerName[]).map((name) => {
    const observers = common.observersOf('permission')
    const http = createListener({
      ...common,
      audience: 'services',
      routes: routes[name],
      cors: () => corsOf(common.settings(), name),
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
      grpc: name !== 'metrics',
      tls: (settings) => settings.keto.tls[name],
    }
  })
}

function listenerOf({ path }: Route): KetoListenerName {
  if (path.startsWith('/admin/')) return 'write'
  return path.startsWith('/opl/') ? 'opl' : 'read'
}

function corsOf({ keto }: InstallationConfig, name: KetoListenerName): CorsSettings | undefined {
  const { cors } = keto.serve[name]
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
