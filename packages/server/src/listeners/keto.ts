import type { InstallationConfig, KetoListenerName } from '../configuration/index.ts'
import { sourceFile } from '../kernel/config/index.ts'
import { createGrpcServer, shareWithGrpc } from '../kernel/grpc/index.ts'
import { type CorsSettings, createListener, routesOf, services } from '../kernel/http/index.ts'
import { type Common, everyInterface, type ListenerPlan } from './plan.ts'
import type { Routes } from './routes.ts'

/**
 * Keto's listeners: questions, changes, metrics and the check of namespaces files, over HTTP and but for the metrics
 * over gRPC. None asks who is calling.
 */
export function ketoListeners({ metadata, permission, calls }: Routes, common: Common): ListenerPlan[] {
  const { serve } = common.settings().keto
  return names.map((name) => {
    const observers = common.observersOf('permission')
    const http = createListener({
      ...common,
      audience: services,
      openTo: () => '',
      routes: routesOf(`keto-${name}`, [...metadata, ...permission]),
      cors: () => corsOf(common.settings(), name),
      observers,
    })
    if (name !== 'metrics') {
      shareWithGrpc(http, createGrpcServer({ services: calls[name], context: common.context, observers }))
    }
    return {
      name,
      http,
      host: serve[name].host || everyInterface,
      isOpen: name === 'write',
      port: serve[name].port,
      addressFile: sourceFile(serve[name].write_listen_file ?? '', process.cwd()),
      grpc: name !== 'metrics',
      tls: (settings) => settings.keto.tls[name],
    }
  })
}

const names: readonly KetoListenerName[] = ['read', 'write', 'metrics', 'opl']

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
