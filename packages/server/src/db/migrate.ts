import { Migrator } from 'kysely'
import type { Database } from './database.ts'
import { migrations } from './migrations/index.ts'

/** Migrates the database to the latest schema. Returns the names of the migrations applied. */
export async function migrate(database: Database): Promise<string[]> {
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
