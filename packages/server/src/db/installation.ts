import { CompiledQuery } from 'kysely'
import type { Database } from './database.ts'

declare module '../kernel/tables.ts' {
  interface Tables {
    installation: { name: string; value: string }
  }
}

/** What an installation stores about itself, once for all projects. */
type Name =
  /** The secret of an installation that keeps it in the database, in base64. */
  | 'secret'
  /** The id of the current secret. */
  | 'key id'
  /** The id of the secret with which all stored data is encrypted. */
  | 'encrypted with'
  /** The secret that authenticates tokens of permissions, in base64. It encrypts nothing. */
  | 'token secret'

export async function findInstallationValue(database: Database, name: Name): Promise<string | undefined> {
  const row = await database.unscoped
    .selectFrom('installation')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value
}

/** Stores a value, unless there is one. Returns the stored one. */
export async function addInstallationValue(database: Database, name: Name, value: string): Promise<string> {
  await database.unscoped
    .insertInto('installation')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  return (await findInstallationValue(database, name)) ?? value
}

export async function setInstallationValue(database: Database, name: Name, value: string): Promise<void> {
  await database.unscoped
    .insertInto('installation')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

/** Deletes a value from an SQLite file, so that its bytes are overwritten, too. */
export async function eraseInstallationValue(database: Database, name: Name): Promise<void> {
  const run = (sql: string) => database.unscoped.executeQuery(CompiledQuery.raw(sql))
  await run('PRAGMA secure_delete = ON')
  await database.unscoped.deleteFrom('installation').where('name', '=', name).execute()
  await run('PRAGMA wal_checkpoint(TRUNCATE)')
  await run('PRAGMA secure_delete = OFF')
}
