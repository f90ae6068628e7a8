import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Migration, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/app.ts'
import { openFile } from './engine.ts'
import { type Database, migrate, OccupiedDatabaseError, openDatabase } from './index.ts'
import * as ours from './migrations/index.ts'
import { listTables, readerOf } from './other-programs.ts'
import { openPostgres } from './postgres.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'occupied-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const ketoTables = [
  'create table networks (id char(36) not null primary key)',
  'create table keto_relation_tuples (shard_id char(36) not null primary key)',
]
const kratosTables = [
  'create table schema_migration (version varchar(48) not null)',
  'create table identities (id char(36) not null primary key)',
  'create table identity_credentials (id char(36) not null primary key)',
  'create table selfservice_login_flows (id char(36) not null primary key)',
]
const hydraTables = ['create table hydra_client (id varchar(255) not null primary key)']
/** What an earlier version left behind when it met Kratos' tables. */
const leftBehind = [
  'create table schema_migrations (name varchar(255) not null primary key, "timestamp" varchar(255) not null)',
  'create table installation (name text not null primary key, value text not null)',
]

describe.each(dsns)('a database of another program on %s', (_, testDsn) => {
  let dsn: string
  beforeEach(async () => {
    dsn = testDsn === 'memory' ? `sqlite://${join(folder, 'original.sqlite')}` : await freshDatabase(testDsn)
  })

  /** Executes statements as the other program does. */
  async function execute(...statements: string[]): Promise<void> {
    if (testDsn === 'memory') {
      const file = openFile(join(folder, 'original.sqlite'))
      for (const statement of statements) file.exec(statement)
      file.close()
      return
    }
    const database = openPostgres(dsn)
    for (const statement of statements) await sql.raw(statement).execute(database.unscoped)
    await database.close()
  }

  async function start(options: { besideKeto?: boolean } = {}): Promise<string[]> {
    const database = await openDatabase(dsn, options)
    try {
      return await migrate(database)
    } finally {
      await database.close()
    }
  }

  async function tables(): Promise<string[]> {
    const database = await openDatabase(dsn, { readOnly: true })
    const names = await listTables(readerOf(database.unscoped), database.capabilities)
    await database.close()
    return names
  }

  it.each([
    ['Kratos', kratosTables, /belongs to Ory Kratos \(table identity_credentials\).*latchkey import kratos.*--dsn/],
    ['Kratos, half migrated by an earlier version', [...kratosTables, ...leftBehind], /belongs to Ory Kratos/],
    ['Keto', ketoTables, /belongs to Ory Keto \(table keto_relation_tuples\).*latchkey import keto has not run/],
    ['Hydra', hydraTables, /belongs to Ory Hydra \(table hydra_client\)/],
    ['all of them', [...kratosTables, ...ketoTables, ...hydraTables], /Ory Kratos .* and Ory Keto .* and Ory Hydra/],
  ])('%s is named, and nothing is written', async (_name, statements, message) => {
    await execute(...statements)
    const before = await tables()
    const error = await start().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(OccupiedDatabaseError)
    expect((error as Error).message).toMatch(message)
    expect(await tables()).toEqual(before)
  })

  it("takes Keto's relationships over beside its tables", async () => {
    await execute(...ketoTables, "insert into keto_relation_tuples values ('one')")
    expect(await start({ besideKeto: true })).not.toEqual([])
    // The import has not written anything yet, so that checks would be answered as if there were no relationships.
    await expect(start()).rejects.toThrow(/has not run/)
    await execute(
      "insert into relation_tuple_kinds (project_id, namespace, relation, subject_namespace, subject_relation) values ('p', 'a', 'b', '', '')",
    )
    expect(await start()).toEqual([])
  })

  it('may hold the tables of Keto and Hydra if it has nothing to import', async () => {
    expect(await start()).not.toEqual([])
    await execute(...ketoTables, ...hydraTables)
    expect(await start()).toEqual([])
  })

  it('is unchanged after a migration that fails', async () => {
    await execute('create table sessions (id integer primary key)')
    await expect(start()).rejects.toThrow(/0001_foundation failed. Nothing was changed/)
    expect(await tables()).toEqual(['sessions'])
  })

  it('is unchanged if a table of another program has the name of ours', async () => {
    await execute('create table schema_migrations (version bigint primary key)')
    await expect(start()).rejects.toThrow(/table schema_migrations of another program/)
    expect(await tables()).toEqual(['schema_migrations'])
  })

  it('keeps the state before all new migrations if a later one fails', async () => {
    const real = ours.migrations
    const broken: Migration = { up: async (db) => void (await sql`select * from nothing_of_the_kind`.execute(db)) }
    vi.spyOn(ours, 'migrations').mockImplementation((capabilities) => ({
      ...real(capabilities),
      '9999_broken': broken,
    }))
    await expect(start()).rejects.toThrow('The migration 9999_broken failed')
    expect(await tables()).toEqual([])
    vi.restoreAllMocks()
    expect(await start()).toEqual(Object.keys(real({ dialect: 'sqlite', rowLocks: false, inProcess: true })))
  })

  it('refuses migrations of a later version', async () => {
    await start()
    await execute(`insert into schema_migrations (name, "timestamp") values ('9999_later', '')`)
    await expect(start()).rejects.toThrow(/9999_later is not known/)
  })

  it('is migrated once by several processes', async () => {
    const open: Database[] = []
    for (let count = 0; count < 3; count++) open.push(await openDatabase(dsn))
    const applied = await Promise.all(open.map((database) => migrate(database)))
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    await Promise.all(open.map((database) => database.close()))
  })
})

it('the file of another program keeps its bytes and its mode', async () => {
  const path = join(folder, 'original.sqlite')
  const file = openFile(path)
  for (const statement of kratosTables) file.exec(statement)
  file.close()
  await chmod(path, 0o644)
  const before = await readFile(path)
  await expect(openDatabase(`sqlite://${path}`)).rejects.toThrow(/belongs to Ory Kratos/)
  expect(await readFile(path)).toEqual(before)
  expect((await stat(path)).mode & 0o777).toBe(0o644)
})
