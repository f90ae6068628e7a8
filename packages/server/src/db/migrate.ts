import { Migrator } from 'kysely'
import { UnavailableError } from '../kernel/unavailable.ts'
import type { Database } from './database.ts'
import { migrations } from './migrations/index.ts'

/** For how long a start waits for a database that is not available yet. */
export interface DatabaseWait {
  readonly forMs: number
  /** Called once, before the first wait. */
  readonly onWait: (error: UnavailableError) => void
}

/** So that the start goes on soon after the database is there. */
const pauseMs = 250

/**
 * Migrates the database to the latest schema. Returns the names of the migrations applied.
 * @throws UnavailableError if the database is not available in time
 */
export async function migrate(database: Database, wait?: DatabaseWait): Promise<string[]> {
  const until = performance.now() + (wait?.forMs ?? 0)
  for (let tries = 0; ; tries++) {
    try {
      return await migrateToLatest(database)
    } catch (error) {
      if (!(error instanceof UnavailableError) || performance.now() >= until) throw error
      if (tries === 0) wait?.onWait(error)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

async function migrateToLatest(database: Database): Promise<string[]> {
  const { db, close } = database.forMigrations()
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => migrations(database.capabilities) },
      migrationTableName: 'schema_migrations',
      migrationLockTableName: 'schema_migrations_lock',
    })
    const { error, results } = await migrator.migrateToLatest()
    if (error) throw error
    return (results ?? []).map(({ migrationName }) => migrationName)
  } finally {
    await close()
  }
}
