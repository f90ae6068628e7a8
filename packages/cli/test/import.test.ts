import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@latchkey/client'
import { loadOriginals, openDatabase, serve } from '@latchkey/server'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../test/stage/postgres.ts'
import { command } from './command.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** The part of Keto's tables that is read, with one tuple for each of some networks. */
async function makeSource(dsn: string, networks: readonly string[]): Promise<void> {
  const database = await openDatabase(dsn)
  const run = (text: string) => sql.raw(text).execute(database.unscoped)
  await run(`create table keto_relation_tuples (
    shard_id uuid not null, nid uuid not null, namespace varchar(200) not null, object uuid not null,
    relation varchar(64) not null, subject_id uuid null, subject_set_namespace varchar(200) null,
    subject_set_object uuid null, subject_set_relation varchar(64) null, primary key (shard_id, nid))`)
  await run('create table keto_uuid_mappings (id uuid not null primary key, string_representation text not null)')
  const [plan, ada] = [randomUUID(), randomUUID()]
  await run(`insert into keto_uuid_mappings values ('${plan}', 'plan'), ('${ada}', 'ada')`)
  for (const nid of networks) {
    await run(`insert into keto_relation_tuples values
      ('${randomUUID()}', '${nid}', 'Document', '${plan}', 'viewers', '${ada}', null, null, null)`)
  }
  await database.close()
}

const latchkey = (...args: string[]) => command(['import', 'keto', ...args], { cwd: folder })

const postgres = process.env.LATCHKEY_TEST_POSTGRES
const databases: [string, (name: string) => Promise<string>][] = [
  ['SQLite', async (name) => `sqlite://${join(folder, name)}`],
  ...(postgres ? [['PostgreSQL', () => freshDatabase(postgres)] as [string, () => Promise<string>]] : []),
]

describe.each(databases)('import keto on %s', (_, make) => {
  it('brings what a server started afterwards answers with', async () => {
    const [from, to, network] = [await make('keto.sqlite'), await make('latchkey.sqlite'), randomUUID()]
    await makeSource(from, [network])
    expect(await latchkey('--dsn', from, '--to', to)).toEqual({
      status: 0,
      out: `imported 1 relationship of network ${network}\nnamespaces: Document`,
      err: '',
    })
    expect((await latchkey('--dsn', from, '--to', to)).out).toContain('1 of them already imported')
    const listeners = ['read', 'write', 'metrics', 'opl'].map((name) => `${name}: { host: 127.0.0.1, port: 0 }`)
    const keto = join(folder, 'keto.yml')
    await writeFile(
      keto,
      `log: { level: panic }\nnamespaces: [{ id: 1, name: Document }]\nserve: { ${listeners.join(', ')} }\n`,
    )
    const server = await serve({ loaded: await loadOriginals({ keto }, {}), dsn: to })
    const found = await createClient({ baseUrl: server.addresses[0] ?? '' }).getRelationships()
    await server.close()
    expect(found.relation_tuples).toEqual([
      { namespace: 'Document', object: 'plan', relation: 'viewers', subject_id: 'ada' },
    ])
  })

  it('needs the network to be named where there are several', async () => {
    const [from, to, networks] = [
      await make('keto.sqlite'),
      await make('latchkey.sqlite'),
      [randomUUID(), randomUUID()],
    ]
    await makeSource(from, networks)
    const refused = await latchkey('--dsn', from, '--to', to)
    expect([refused.status, refused.out]).toEqual([1, ''])
    for (const network of networks) expect(refused.err).toContain(`${network} (1 relationship)`)
    const [, second = ''] = networks
    expect((await latchkey('--dsn', from, '--to', to, '--network', second)).out).toContain(`of network ${second}`)
  })

  it('refuses a project that is not there', async () => {
    const [from, to] = [await make('keto.sqlite'), await make('latchkey.sqlite')]
    await makeSource(from, [randomUUID()])
    const { status, err } = await latchkey('--dsn', from, '--to', to, '--project', 'nobody')
    expect(status).toBe(1)
    expect(err).toContain('There is no project nobody')
  })
})

describe('import keto', () => {
  it.each([
    ['a source that is not there', ['--dsn', 'sqlite://none.sqlite', '--to', 'sqlite://to.sqlite'], 1, /no database/],
    ['a source of another kind', ['--dsn', 'mysql://x', '--to', 'sqlite://to.sqlite'], 1, /DSN/],
    ['no target', ['--dsn', 'sqlite://none.sqlite'], 2, /--to/],
    ['a target in memory', ['--dsn', 'sqlite://none.sqlite', '--to', 'memory'], 2, /memory/],
  ])('refuses %s', async (_, args, status, message) => {
    const told = await latchkey(...args)
    expect([told.status, told.out]).toEqual([status, ''])
    expect(told.err).toMatch(message)
  })
})
