import { requireProjectToken } from '../apikey/index.ts'
import type { InstallationConfig, Loaded, OriginalName } from '../configuration/index.ts'
import { createGrpcServer, shareWithGrpc } from '../kernel/grpc/index.ts'
import { corsSettings } from '../kernel/http/cors-settings.ts'
import { announceClose, browsers, createListener, type ListenerOptions } from '../kernel/http/index.ts'
import { secure } from '../kernel/tls.ts'
import { csrfSettings } from './csrf-settings.ts'
import { hydraListeners } from './hydra.ts'
import { ketoListeners } from './keto.ts'
import { kratosAddress, kratosListeners } from './kratos.ts'
import { type AppListener, type Common, everyInterface, type ListenerPlan } from './plan.ts'
import type { Routes } from './routes.ts'

/** One origin in project mode; the originals' own listeners in drop-in mode. */
export function listenersFor(loaded: Loaded, routes: Routes, from: Surroundings): AppListener[] {
  const { observers: observersOf, ...surroundings } = from
  const common = { ...surroundings, observersOf, csrf: csrfSettings, cors: corsSettings }
  const plans =
    loaded.mode === 'drop-in'
      ? (loaded.originals ?? []).flatMap((original) => listenersOf[original](routes, common))
      : oneOrigin(routes, common, loaded.mode === 'dev' ? '127.0.0.1' : everyInterface)
  return plans.map(({ tls, grpc, ...listener }) => {
    const material = tls(from.settings())
    const close = { announceClose: () => announceClose(listener.http) }
    if (!material) return { ...listener, ...close, isSecure: false, renew: () => {} }
    const layer = secure(listener.http, material, { grpc })
    const renew = (settings: InstallationConfig) => {
      const renewed = tls(settings)
      if (renewed) layer.renew(renewed)
    }
    return { ...listener, ...close, isSecure: true, renew }
  })
}

const listenersOf: Record<OriginalName, (routes: Routes, common: Common) => ListenerPlan[]> = {
  kratos: kratosListeners,
  hydra: hydraListeners,
  keto: ketoListeners,
}

interface Surroundings extends Pick<ListenerOptions, 'context' | 'trustedProxies'> {
  observers: Common['observersOf']
  /** As of the newest configuration. */
  settings: () => InstallationConfig
}

function oneOrigin(
  { metadata, identity, oauth2, permission, calls }: Routes,
  common: Common,
  usualHost: string,
): ListenerPlan[] {
  const observers = common.observersOf('public')
  const routes = [...metadata, ...identity, ...oauth2, ...permission]
  const authorize = requireProjectToken
  const http = createListener({ ...common, audience: browsers, routes, authorize, observers })
  const { context } = common
  shareWithGrpc(http, createGrpcServer({ services: calls.origin, context, authorize, observers }))
  return [{ ...kratosAddress('public', common.settings(), usualHost), http, grpc: true, isOpen: false }]
}
