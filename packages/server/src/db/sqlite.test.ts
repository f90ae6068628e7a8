import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UnavailableError } from '../kernel/unavailable.ts'
import { openFile } from './engine.ts'
import { type Database, migrate, openDatabase, preparedStatement } from './index.ts'

describe('an SQLite file that another process writes to', () => {
  let folder: string
  let database: Database
  let other: ReturnType<typeof openFile>
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sqlite-'))
    const file = join(folder, 'one.sqlite')
    database = await openDatabase(`sqlite://${file}`)
    await migrate(database)
    other = openFile(file)
  })
  afterEach(async () => {
    other.close()
    await database.close()
    await rm(folder, { recursive: true })
  })

  const names = async () =>
    (await database.unscoped.selectFrom('installation').select('name').execute()).map(({ name }) => name)
  const insert = preparedStatement<{ name: string }, never>((db, p) =>
    db.insertInto('installation').values({ name: p.name, value: '' }),
  )
  const insertReturning = (name: string) =>
    database.unscoped.insertInto('installation').values({ name, value: '' }).returning('name').execute()

  /** Begins writes while another process holds the file; they are done once it lets go. */
  async function whileHeld(...writes: (() => Promise<unknown>)[]) {
    other.exec('begin immediate')
    let done = 0
    const waiting = writes.map((write) => write().then(() => done++))
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toBe(0)
    other.exec('commit')
    await Promise.all(waiting)
  }

  it('waits with a single statement, with a prepared one and with one that gives rows', async () => {
    const single = () => database.unscoped.insertInto('installation').values({ name: 'single', value: '' }).execute()
    await whileHeld(
      single,
      () => insert(database.unscoped, { name: 'prepared' }),
      () => insertReturning('returning'),
    )
    expect((await names()).sort()).toEqual(['prepared', 'returning', 'single'])
  })

  it('waits with a transaction', async () => {
    await whileHeld(() =>
      database.unscoped.transaction().execute(async (tx) => {
        await tx.insertInto('installation').values({ name: 'inside', value: '' }).execute()
      }),
    )
    expect(await names()).toEqual(['inside'])
  })

  it('reads meanwhile', async () => {
    other.exec('begin immediate')
    expect(await names()).toEqual([])
    other.exec('commit')
  })

  it('reads while its own writes wait', async () => {
    other.exec('begin immediate')
    const waiting = insertReturning('later')
    expect(await names()).toEqual([])
    other.exec('commit')
    await waiting
  })

  it('gives up a write as unavailable, however many wait before it', { timeout: 30_000 }, async () => {
    other.exec('begin immediate')
    const waiting = ['one', 'two', 'three'].map((name) => insertReturning(name))
    const outcomes = await Promise.allSettled(waiting)
    expect(outcomes.map((one) => one.status === 'rejected' && one.reason instanceof UnavailableError)).toEqual(
      Array(3).fill(true),
    )
    other.exec('commit')
  })

  it('reports a full disk as unavailable, and goes on when there is room again', async () => {
    await sql`pragma max_page_count = 1`.execute(database.unscoped)
    const large = 'x'.repeat(1 << 20)
    const insertLarge = (db: typeof database.unscoped) =>
      db.insertInto('installation').values({ name: 'large', value: large }).execute()
    await expect(insertLarge(database.unscoped)).rejects.toThrow(UnavailableError)
    const inTransaction = database.unscoped.transaction().execute(async (tx) => {
      // What a caller makes of the error cannot let the rest of the transaction be committed.
      await insertLarge(tx).catch(() => {})
      await tx.insertInto('installation').values({ name: 'small', value: '' }).execute()
    })
    await expect(inTransaction).rejects.toThrow()
    expect(await names()).toEqual([])
    await sql`pragma max_page_count = 1073741823`.execute(database.unscoped)
    await insertLarge(database.unscoped)
    expect(await names()).toEqual(['large'])
    await database.ping()
  })

  it('tells other mistakes at once', async () => {
    await insertReturning('one')
    await expect(insertReturning('one')).rejects.toThrow(/UNIQUE/)
  })
})

it('leaves everything in the file itself when it is closed, so that a copy of it is whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sqlite-'))
  const file = join(folder, 'one.sqlite')
  const database = await openDatabase(`sqlite://${file}`)
  await migrate(database)
  await database.close()
  await copyFile(file, join(folder, 'copy.sqlite'))
  const copy = openFile(join(folder, 'copy.sqlite'))
  expect(copy.prepare('select count(*) as count from installation').get()).toEqual({ count: 0 })
  copy.close()
  await rm(folder, { recursive: true })
})

it('is readable for its owner only, with the files beside it, also where it was made by an earlier version', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sqlite-'))
  for (const [name, exists] of [
    ['new', false],
    ['old', true],
  ] as const) {
    const file = join(folder, `${name}.sqlite`)
    if (exists) await writeFile(file, '', { mode: 0o644 })
    const database = await openDatabase(`sqlite://${file}`)
    await migrate(database)
    const modes = [file, `${file}-wal`, `${file}-shm`].map(async (one) => (await stat(one)).mode & 0o777)
    expect(await Promise.all(modes)).toEqual([0o600, 0o600, 0o600])
    await database.close()
  }
  await rm(folder, { recursive: true })
})
