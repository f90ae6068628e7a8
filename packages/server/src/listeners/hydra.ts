import { sourceFile } from '../kernel/config/index.ts'
import { createListener, routesOf, services } from '../kernel/http/index.ts'
import { type Common, everyInterface, type ListenerPlan } from './plan.ts'
import type { Routes } from './routes.ts'

/** Hydra's public and admin listeners. */
export function hydraListeners({ metadata, oauth2 }: Routes, common: Common): ListenerPlan[] {
  const { serve } = common.settings().hydra
  return (['public', 'admin'] as const).map((name) => ({
    name,
    http: createListener({
      ...common,
      audience: services,
      routes: routesOf(`hydra-${name}`, [...metadata, ...oauth2]),
      observers: common.observersOf(`oauth2-${name}`),
    }),
    host: serve[name].host || everyInterface,
    port: serve[name].port,
    addressFile: sourceFile(serve[name].write_listen_file ?? '', process.cwd()),
    socketMode: serve[name].socket.mode,
    isOpen: name === 'admin',
    grpc: false,
    tls: (settings) => settings.hydra.tls[name],
  }))
}
