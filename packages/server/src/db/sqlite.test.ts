import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFile } from './engine.ts'
import { type Database, migrate, openDatabase, prepared } from './index.ts'

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
  const insert = prepared<{ name: string }, never>((db, p) =>
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
