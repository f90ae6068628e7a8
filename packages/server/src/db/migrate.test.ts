import { type Kysely, Migrator } from 'kysely'
import { describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/app.ts'
import { migrate, openDatabase } from './index.ts'
import { migrations } from './migrations/index.ts'

describe.each(dsns)('an older database on %s', (_, dsn) => {
  async function databaseAt(last: string) {
    const database = await openDatabase(dsn === 'memory' ? dsn : await freshDatabase(dsn))
    const migrator = new Migrator({
      db: database.unscoped,
      provider: { getMigrations: async () => migrations(database.capabilities) },
      migrationTableName: 'schema_migrations',
      migrationLockTableName: 'schema_migrations_lock',
    })
    const { error } = await migrator.migrateTo(last)
    expect(error).toBeUndefined()
    return { database, db: database.unscoped as unknown as Kysely<Record<string, Record<string, unknown>>> }
  }

  test('keeps its sessions when logout tokens are no longer stored', async () => {
    const { database, db } = await databaseAt('0007_project_configs')
    const scope = { project_id: 'p', id: 'i' }
    const identity = {
      schema_id: 's',
      state: 'active',
      document: '{}',
      credentials: '{}',
      second_factors: '',
      created_at: 1,
      updated_at: 1,
    }
    await db
      .insertInto('identities')
      .values({ ...scope, ...identity })
      .execute()
    const times = { authenticated_at: 1, issued_at: 2, expires_at: 3 }
    const session = { ...scope, id: 's', identity_id: 'i', token_hash: 't', active: 1, aal: 'aal1', ...times }
    const json = { methods: '[]', devices: '[{}]' }
    await db
      .insertInto('sessions')
      .values({ ...session, ...json, logout_token_hash: 'l' })
      .execute()
    await migrate(database)
    expect(await db.selectFrom('sessions').selectAll().execute()).toEqual([{ ...session, ...json }])
    // The constraints are the same as before.
    const twin = { ...session, ...json, id: 'twin' }
    await expect(db.insertInto('sessions').values(twin).execute()).rejects.toThrow()
    await expect(
      db
        .insertInto('sessions')
        .values({ ...twin, token_hash: 'u', identity_id: 'nobody' })
        .execute(),
    ).rejects.toThrow()
    await db.deleteFrom('identities').execute()
    expect(await db.selectFrom('sessions').selectAll().execute()).toEqual([])
    await database.close()
  })
})
