import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { UnavailableError } from '../kernel/unavailable.ts'
import { type Database, migrate, openDatabase } from './index.ts'
import { SqliteLog } from './sqlite-log.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlite-log-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

/** A log whose flushes end when told to. */
async function heldLog() {
  const path = join(folder, 'log')
  await writeFile(path, '')
  const flushes: { resolve: () => void; reject: (error: Error) => void }[] = []
  const log = new SqliteLog(path, () => new Promise((resolve, reject) => flushes.push({ resolve, reject })))
  return { log, flushes }
}

it('flushes once for all commits that wait, and again for those that came meanwhile', async () => {
  const { log, flushes } = await heldLog()
  const done: string[] = []
  const commit = (name: string) => void log.flush().then(() => done.push(name))
  commit('a')
  commit('b')
  await nextTurn()
  expect(flushes).toHaveLength(1)
  commit('c')
  commit('d')
  await nextTurn()
  expect(flushes).toHaveLength(1)
  expect(done).toEqual([])
  flushes[0]?.resolve()
  await nextTurn()
  expect(done).toEqual(['a', 'b'])
  expect(flushes).toHaveLength(2)
  flushes[1]?.resolve()
  await log.close()
  expect(done).toEqual(['a', 'b', 'c', 'd'])
})

it('tells those who waited that a flush failed, and not the others', async () => {
  const { log, flushes } = await heldLog()
  const first = log.flush()
  await nextTurn()
  const second = log.flush()
  flushes[0]?.reject(new Error('no disk'))
  await expect(first).rejects.toThrow('no disk')
  await nextTurn()
  flushes[1]?.resolve()
  await expect(second).resolves.toBeUndefined()
  await log.close()
})

it('is waited for by writes and transactions, but not by those that need not be durable, nor by reads', async () => {
  const database = await openDatabase(`sqlite://${join(folder, 'one.sqlite')}`)
  try {
    await migrate(database)
    await expectFlushes(database)
  } finally {
    await database.close()
  }
})

async function expectFlushes(database: Database) {
  const flush = vi.spyOn(SqliteLog.prototype, 'flush')
  const { db, asyncCommit } = database.project('p')
  const count = async (work: () => Promise<unknown>) => {
    flush.mockClear()
    await work()
    return flush.mock.calls.length
  }
  const insert = (into: typeof db, name: string) =>
    into.insertInto('spent_challenges').values({ challenge: name, expires_at: 0 }).execute()
  const read = (from: typeof db) => from.selectFrom('spent_challenges').select('challenge').execute()
  expect(await count(() => insert(db, 'a'))).toBe(1)
  expect(await count(() => db.transaction().execute((tx) => insert(tx, 'b')))).toBe(1)
  expect(await count(() => insert(asyncCommit, 'c'))).toBe(0)
  expect(await count(() => asyncCommit.transaction().execute((tx) => insert(tx, 'd')))).toBe(0)
  expect(await count(() => read(db))).toBe(0)
  expect(await count(() => db.transaction().execute((tx) => read(tx)))).toBe(0)

  flush.mockRejectedValue(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }))
  await expect(insert(db, 'e')).rejects.toThrow(UnavailableError)
  await expect(db.transaction().execute((tx) => insert(tx, 'f'))).rejects.toThrow(UnavailableError)
}
