import type { Database } from '../db/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Workers } from '../kernel/worker-count.ts'

/** What readiness depends on. */
export interface ReadinessSources {
  readonly database: Pick<Database, 'ping'>
  /** Whether the server has begun to shut down. */
  readonly isClosing: () => boolean
  readonly workers: Pick<Workers, 'count' | 'areMissing'>
}

/** Why the server should get no requests at present, by what is missing; empty if it is ready. */
export async function findProblems(
  { log }: Pick<Context, 'log'>,
  { database, isClosing, workers }: ReadinessSources,
): Promise<Record<string, string>> {
  if (isClosing()) return { server: 'The server is shutting down.' }
  const problems: Record<string, string> = {}
  const { listening, wanted } = workers.count()
  if (workers.areMissing()) problems.workers = `${listening} of ${wanted} workers listen.`
  await database.ping().catch((error: unknown) => {
    log.warn({ err: error }, 'database does not answer')
    problems.database = 'The database does not answer.'
  })
  return problems
}
