import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../../../test/stage/postgres.ts'
import { dsns, openTestApp } from '../../../test/app.ts'
import { importKeto } from '../../app/import-keto.ts'
import { type Database, migrate, openDatabase } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { listShapes, listTuples } from '../tuples/store.ts'
import { tupleOf } from '../tuples/subject.ts'
import { importTuples } from './import.ts'

/** As Keto's migrations leave them, without their indices. */
const tables = [
  'create table networks (id uuid not null primary key)',
  `create table keto_relation_tuples (
    shard_id uuid not null, nid uuid not null references networks (id) on delete cascade,
    namespace varchar(200) not null, object uuid not null, relation varchar(64) not null,
    subject_id uuid null, subject_set_namespace varchar(200) null, subject_set_object uuid null,
    subject_set_relation varchar(64) null, commit_time timestamp not null, primary key (shard_id, nid))`,
  'create table keto_uuid_mappings (id uuid not null primary key, string_representation text not null)',
]

const set = (namespace: string, object: string, relation: string) => ({ namespace, object, relation })
const plan = { ...set('Document', 'plan', 'viewers'), subject_id: 'ada' }
const shared = { ...set('Document', 'plan', 'viewers'), subject_set: set('Group', 'crew ü🦄', 'members') }
const inside = { ...set('Document', '', 'parents'), subject_set: set('Folder', 'f', '') }

describe.each(dsns)("the import of Keto's database on %s", (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let ctx: Context
  let folder: string
  let source: string
  let keto: Database
  let from: Database

  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    ctx = (await app.project()).ctx
    folder = await mkdtemp(join(tmpdir(), 'keto-'))
    source = dsn === 'memory' ? `sqlite://${join(folder, 'keto.sqlite')}` : await freshDatabase(dsn)
    keto = await openDatabase(source)
    for (const table of tables) await sql.raw(table).execute(keto.unscoped)
    from = await openDatabase(source, { readOnly: true })
  })
  afterEach(async () => {
    await Promise.all([from.close(), keto.close()])
    await rm(folder, { recursive: true })
  })

  const network = async () => {
    const nid = randomUUID()
    await sql`insert into networks (id) values (${nid})`.execute(keto.unscoped)
    return nid
  }
  const mappings = new Map<string, string>()
  /** The UUID of a name, told in the source. */
  async function uuidOf(name: string): Promise<string> {
    const known = mappings.get(`${source} ${name}`)
    if (known) return known
    const id = randomUUID()
    mappings.set(`${source} ${name}`, id)
    await sql`insert into keto_uuid_mappings (id, string_representation) values (${id}, ${name})`.execute(keto.unscoped)
    return id
  }
  async function insert(nid: string, ...tuples: (typeof plan | typeof shared)[]): Promise<void> {
    for (const tuple of tuples) {
      const { namespace, object, relation } = tuple
      const members = 'subject_set' in tuple ? tuple.subject_set : undefined
      const id = 'subject_id' in tuple ? await uuidOf(tuple.subject_id) : null
      await sql`insert into keto_relation_tuples values (${randomUUID()}, ${nid}, ${namespace}, ${await uuidOf(object)},
        ${relation}, ${id}, ${members?.namespace ?? null}, ${members ? await uuidOf(members.object) : null},
        ${members?.relation ?? null}, ${'2026-01-01 00:00:00'})`.execute(keto.unscoped)
    }
  }
  const there = async () => (await listTuples(ctx, {}, { size: 10_000 })).map(tupleOf)

  it('brings every tuple, by its names', async () => {
    const nid = await network()
    await insert(nid, plan, shared, inside)
    expect(await importTuples(ctx, from)).toEqual({
      network: nid,
      read: 3,
      written: 3,
      namespaces: ['Document'],
    })
    expect(await there()).toEqual(expect.arrayContaining([plan, shared, inside]))
    expect(await there()).toHaveLength(3)
    // Without these a check would not look there.
    expect((await listShapes(ctx)).map((kind) => Object.values(kind).join(' ')).sort()).toEqual([
      'Document parents Folder  0',
      'Document viewers   0',
      'Document viewers Group members 0',
    ])
  })

  it('brings more than one batch, and tells how far it is', async () => {
    const nid = await network()
    const id = await uuidOf('ada')
    const rows = Array.from(
      { length: 2300 },
      () => sql`(${randomUUID()}, ${nid}, 'Document', ${id}, 'viewers', ${id},
      null, null, null, ${'2026-01-01 00:00:00'})`,
    )
    for (let at = 0; at < rows.length; at += 500) {
      await sql`insert into keto_relation_tuples values ${sql.join(rows.slice(at, at + 500))}`.execute(keto.unscoped)
    }
    const told: number[][] = []
    const done = await importTuples(ctx, from, { onProgress: (read, of) => told.push([read, of]) })
    expect([done.read, done.written]).toEqual([2300, 2300])
    expect(told).toEqual([1000, 2000, 2300].map((read) => [read, 2300]))
    expect(await there()).toHaveLength(2300)
  })

  it('writes nothing a second time, but what is new', async () => {
    const nid = await network()
    await insert(nid, plan, plan)
    await importTuples(ctx, from)
    await insert(nid, shared)
    expect(await importTuples(ctx, from)).toMatchObject({ read: 3, written: 1 })
    expect(await there()).toEqual([plan, plan, shared])
  })

  it('keeps to the project', async () => {
    await insert(await network(), plan)
    await importTuples(ctx, from)
    const other = (await app.project()).ctx
    expect(await listTuples(other, {}, { size: 10 })).toEqual([])
  })

  it('refuses several networks unless one is named', async () => {
    const [first, second] = [await network(), await network()]
    await insert(first, plan)
    await insert(second, shared)
    await expect(importTuples(ctx, from)).rejects.toThrow(/several networks.*\n.*\(1 relationships?\)/)
    await expect(importTuples(ctx, from, { network: randomUUID() })).rejects.toThrow(/no relationships in the network/)
    expect(await there()).toEqual([])
    expect(await importTuples(ctx, from, { network: second })).toMatchObject({ network: second, written: 1 })
    expect(await there()).toEqual([shared])
  })

  it('writes nothing at all when one tuple cannot be named', async () => {
    const nid = await network()
    await insert(nid, plan, shared)
    await sql`delete from keto_uuid_mappings where string_representation = ${'crew ü🦄'}`.execute(keto.unscoped)
    await expect(importTuples(ctx, from)).rejects.toThrow(/The relationship [0-9a-f-]{36} .*nothing tells what/)
    expect(await there()).toEqual([])
  })

  it.each([
    ['a name that is too long', { ...plan, object: 'x'.repeat(3000) }, /at most 2048/],
    ['a subject set without a namespace', { ...shared, subject_set: set('', 'x', 'y') }, /has no namespace/],
  ])('refuses %s', async (_name, tuple, message) => {
    await insert(await network(), tuple)
    await expect(importTuples(ctx, from)).rejects.toThrow(message)
    expect(await there()).toEqual([])
  })

  it('refuses a source without tuples', async () => {
    await expect(importTuples(ctx, from)).rejects.toThrow('The source has no relationships.')
  })

  it('refuses a source that is not of Keto, or of an old one', async () => {
    await sql`drop table keto_uuid_mappings`.execute(keto.unscoped)
    await expect(importTuples(ctx, from)).rejects.toThrow(/no database of Keto/)
  })

  it("imports into Keto's own database, beside its tables", async () => {
    const nid = await network()
    await insert(nid, plan, shared)
    const to = await openDatabase(source, { besideKeto: true })
    expect(await importKeto({ from, to })).toMatchObject({ read: 2, written: 2 })
    await to.close()
    const started = await openDatabase(source)
    expect(await migrate(started)).toEqual([])
    await started.close()
  })

  it('cannot change the source', async () => {
    await expect(sql`delete from keto_relation_tuples`.execute(from.unscoped)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/read-?only/) },
    })
  })
})

it('does not make a source that is not there', async () => {
  await expect(openDatabase('sqlite:///nowhere/keto.sqlite', { readOnly: true })).rejects.toThrow(
    /There is no database/,
  )
})
