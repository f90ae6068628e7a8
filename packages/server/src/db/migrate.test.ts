import { type Kysely, Migrator } from 'kysely'
import { describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/app.ts'
import { migrate, openDatabase } from './index.ts'
import { migrations } from './migrations/index.ts'

const notBound = { bound_at: null, device_key: null, device_proved_at: null }

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
    expect(await db.selectFrom('sessions').selectAll().execute()).toEqual([
      { ...session, ...json, act: null, ...notBound },
    ])
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
  test('finds identities whose phone number was stored in another spelling', async () => {
    const { database, db } = await databaseAt('0008_derived_logout_tokens')
    const insert = async (
      id: string,
      values: { identifiers: string[]; addresses: [kind: string, value: string][] },
    ) => {
      const { identifiers, addresses } = values
      const of = (wanted: string) =>
        addresses.filter(([kind]) => kind === wanted).map(([, value]) => ({ via: 'sms', value }))
      const code = { type: 'code', identifiers, config: { addresses: identifiers.map((address) => ({ address })) } }
      const document = { id, verifiable_addresses: of('verification'), recovery_addresses: of('recovery') }
      const scope = { project_id: 'p', identity_id: id }
      await db
        .insertInto('identities')
        .values({
          ...{ project_id: 'p', id, schema_id: 's', state: 'active', second_factors: '', created_at: 1, updated_at: 1 },
          document: JSON.stringify(document),
          credentials: JSON.stringify({ code }),
        })
        .execute()
      for (const identifier of identifiers)
        await db
          .insertInto('identity_identifiers')
          .values({ ...scope, credential_type: 'code', identifier })
          .execute()
      for (const [kind, value] of addresses)
        await db
          .insertInto('identity_addresses')
          .values({ ...scope, kind, via: 'sms', value })
          .execute()
    }
    await insert('spaces', {
      identifiers: ['+49 151 26204550', '+4915126204550'],
      addresses: [
        ['verification', '+49 151 26204550'],
        ['recovery', '\u202A+4915126204550\u202C'],
      ],
    })
    await insert('first', { identifiers: ['+4915126204551'], addresses: [] })
    await insert('second', { identifiers: ['+49 151 26204551', 'α\u0301ς@example.org'], addresses: [] })
    await insert('plain', { identifiers: ['ada@example.org'], addresses: [['verification', '+4915126204552']] })

    expect(await migrate(database)).toContain('0009_comparable_addresses')
    const identifiers = await db.selectFrom('identity_identifiers').select(['identity_id', 'identifier']).execute()
    expect(identifiers.map(({ identity_id, identifier }) => `${identity_id} ${identifier}`).sort()).toEqual([
      'first +4915126204551',
      'plain ada@example.org',
      // Somebody else has its form already.
      'second +49 151 26204551',
      'second άσ@example.org',
      'spaces +4915126204550',
    ])
    const addresses = await db.selectFrom('identity_addresses').select(['kind', 'value']).execute()
    expect(addresses.map(({ kind, value }) => `${kind} ${value}`).sort()).toEqual([
      'recovery +4915126204550',
      'verification +4915126204550',
      'verification +4915126204552',
    ])
    const stored = await db.selectFrom('identities').selectAll().where('id', '=', 'spaces').executeTakeFirstOrThrow()
    expect(JSON.parse(String(stored.document))).toEqual({
      id: 'spaces',
      verifiable_addresses: [{ via: 'sms', value: '+4915126204550' }],
      recovery_addresses: [{ via: 'sms', value: '+4915126204550' }],
    })
    const { code } = JSON.parse(String(stored.credentials))
    expect(code.identifiers).toEqual(['+4915126204550'])
    expect(new Set(code.config.addresses.map(({ address }: { address: string }) => address)).size).toBe(1)
    await database.close()
  })
})
