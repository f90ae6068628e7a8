import { rooms } from '@latchkey/api'
import type { Database } from '../db/index.ts'
import { handlers, json, type Route } from '../kernel/http/index.ts'
import { version } from '../kernel/version.ts'

/** Health and version endpoints. */
export function metadataRoutes(database: Database): readonly Route[] {
  const routes = handlers(
    rooms.metadata,
    {
      isAlive: () => json(200, { status: 'ok' }),
      isReady: async (ctx) => {
        try {
          await database.ping()
          return json(200, { status: 'ok' })
        } catch (error) {
          ctx.log.warn({ err: error }, 'database does not answer')
          return json(503, { errors: { database: 'The database does not answer.' } })
        }
      },
      getVersion: () => json(200, { version }),
    },
    { csrf: 'off' },
  )
  return Object.values(routes)
}
