import { type Kysely, type Migration, sql } from 'kysely'
import type { Capabilities, ProjectDatabase } from '../kernel/context.ts'
import { UnavailableError } from '../kernel/unavailable.ts'
import type { Database } from './database.ts'
import { migrations } from './migrations/index.ts'
import { listTables, OccupiedDatabaseError, readerOf } from './other-programs.ts'

/** For how long a start waits for a database that is not available yet. */
export interface DatabaseWait {
  readonly forMs: number
  /** Called once, before the first wait. */
  readonly onWait: (error: UnavailableError) => void
}

/** So that the start goes on soon after the database is there. */
const pauseMs = 250

/**
 * Migrates the database to the latest schema, all or nothing. Returns the names of the migrations applied.
 * @throws OccupiedDatabaseError before anything is written, if the database belongs to another program
 * @throws UnavailableError if the database is not available in time
 */
export async function migrate(database: Database, wait?: DatabaseWait): Promise<string[]> {
  const until = performance.now() + (wait?.forMs ?? 0)
  for (let tries = 0; ; tries++) {
    try {
      await database.refuseOtherPrograms()
      return await migrateToLatest(database)
    } catch (error) {
      if (!(error instanceof UnavailableError) || performance.now() >= until) throw error
      if (tries === 0) wait?.onWait(error)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** The migrations that are applied. */
type Applied = { schema_migrations: { name: string; timestamp: string } }

/** The key of the advisory lock that lets one process migrate a PostgreSQL database at a time. */
const lockKey = 5_306_191_104

async function migrateToLatest(database: Database): Promise<string[]> {
  const { db, close } = database.forMigrations()
  const { capabilities } = database
  try {
    if ((await pendingOf(db, capabilities)).length === 0) return []
    return await db.transaction().execute(async (tx) => {
      if (capabilities.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${lockKey})`.execute(tx)
      // Another process may have migrated the database in the meantime.
      const pending = await pendingOf(tx, capabilities)
      for (const [name, migration] of pending) await apply(tx, name, migration)
      return pending.map(([name]) => name)
    })
  } finally {
    await close()
  }
}

/** The migrations to apply, in order. */
async function pendingOf(db: ProjectDatabase, capabilities: Capabilities): Promise<[string, Migration][]> {
  const all = migrations(capabilities)
  const tables = await listTables(readerOf(db), capabilities)
  const applied = tables.includes('schema_migrations') ? await appliedTo(db) : []
  const unknown = applied.find(({ name }) => !(name in all))
  if (unknown) {
    throw new Error(`The database was migrated by another version: the migration ${unknown.name} is not known.`)
  }
  const names = new Set(applied.map(({ name }) => name))
  return Object.entries(all)
    .filter(([name]) => !names.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

async function appliedTo(db: ProjectDatabase): Promise<{ name: string }[]> {
  try {
    return await db.withTables<Applied>().selectFrom('schema_migrations').select('name').orderBy('name').execute()
  } catch (error) {
    if (error instanceof UnavailableError) throw error
    throw new OccupiedDatabaseError('The database has a table schema_migrations of another program.', { cause: error })
  }
}

async function apply(tx: ProjectDatabase, name: string, migration: Migration): Promise<void> {
  try {
    await tx.schema
      .createTable('schema_migrations')
      .ifNotExists()
      .addColumn('name', 'varchar(255)', (column) => column.notNull().primaryKey())
      .addColumn('timestamp', 'varchar(255)', (column) => column.notNull())
      .execute()
    await migration.up(tx as unknown as Kysely<unknown>)
    await tx
      .withTables<Applied>()
      .insertInto('schema_migrations')
      .values({ name, timestamp: sql`cast(current_timestamp as varchar)` })
      .execute()
  } catch (error) {
    if (error instanceof UnavailableError) throw error
    throw new Error(`The migration ${name} failed. Nothing was changed in the database.`, { cause: error })
  }
}
