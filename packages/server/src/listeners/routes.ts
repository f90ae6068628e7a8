import { courierRoutes } from '../courier/index.ts'
import { identityRoutes } from '../identity/index.ts'
import { jwkRoutes } from '../jwk/index.ts'
import { forOldClients, type Route } from '../kernel/http/index.ts'
import type { Metrics } from '../kernel/metrics/index.ts'
import { metadataRoutes, metricsRoute, type ReadinessSources } from '../metadata/index.ts'
import { oauth2Routes } from '../oauth2/index.ts'
import { type PageOptions, pageRoutes } from '../pages/index.ts'
import { permissionRoutes, permissionServices } from '../permission/index.ts'
import { selfserviceRoutes } from '../selfservice/index.ts'
import { sessionRoutes } from '../session/index.ts'

/** Every route of every room, by the original that has it; the lists that listeners are made of. */
export interface Routes {
  /** Health, version and metrics, which each original has. */
  readonly metadata: readonly Route[]
  readonly identity: readonly Route[]
  readonly oauth2: readonly Route[]
  readonly permission: readonly Route[]
  /** What is there over gRPC besides, by the listener that has it. */
  readonly calls: typeof permissionServices
}

/** Pages are there where their options are given. */
export function allRoutes(readiness: ReadinessSources, metrics: Metrics, pages?: PageOptions): Routes {
  return {
    metadata: [...metadataRoutes(readiness), metricsRoute(metrics)],
    identity: [
      ...forOldClients([...identityRoutes, ...sessionRoutes, ...selfserviceRoutes]),
      ...courierRoutes,
      ...(pages ? pageRoutes(pages) : []),
    ],
    oauth2: [...jwkRoutes, ...oauth2Routes],
    permission: permissionRoutes,
    calls: permissionServices,
  }
}
