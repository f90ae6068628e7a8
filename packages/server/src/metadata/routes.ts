import { rooms } from '@latchkey/api'
import { handlers, json, type Route } from '../kernel/http/index.ts'
import { retryAfterSeconds } from '../kernel/unavailable.ts'
import { version } from '../kernel/version.ts'
import { findProblems, type ReadinessSources } from './readiness.ts'

/** Health and version endpoints. */
export function metadataRoutes(sources: ReadinessSources): readonly Route[] {
  const routes = handlers(
    rooms.metadata,
    {
      isAlive: () => json(200, { status: 'ok' }),
      isReady: async (ctx) => {
        const errors = await findProblems(ctx, sources)
        if (Object.keys(errors).length === 0) return json(200, { status: 'ok' })
        return json(503, { errors }, { headers: { 'retry-after': String(retryAfterSeconds) } })
      },
      getVersion: () => json(200, { version }),
    },
    { csrf: 'off' },
  )
  return Object.values(routes)
}
