import { getVersion, isAlive, isReady } from '@latchkey/api'
import type { Database } from '../db/index.ts'
import { bind, json, type Route } from '../kernel/http/index.ts'
import { version } from '../kernel/version.ts'

/** Health and version, for load balancers and people. */
export function metadataRoutes(database: Database): Route[] {
  return [
    bind(isAlive, () => json(200, { status: 'ok' }), 'off'),
    bind(
      isReady,
      async (ctx) => {
        try {
          await database.ping()
          return json(200, { status: 'ok' })
        } catch (error) {
          ctx.log.warn({ err: error }, 'database does not answer')
          return json(503, { errors: { database: 'The database does not answer.' } })
        }
      },
      'off',
    ),
    bind(getVersion, () => json(200, { version }), 'off'),
  ]
}
