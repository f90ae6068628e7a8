import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/courier.ts'
import { type Database, insertTogether, isUniqueViolation, migrate, openDatabase } from './index.ts'

describe.each(dsns)('rows inserted together on %s', (_, dsn) => {
  let database: Database
  const insert = insertTogether('attempts', ['key', 'count', 'resets_at'])
  const row = (key: string) => ({ key, count: 1, resets_at: 0 })
  const keys = async (project: string) => {
    const rows = await database.project(project).db.selectFrom('attempts').select('key').orderBy('key').execute()
    return rows.map(({ key }) => key)
  }
  beforeAll(async () => {
    database = await openDatabase(dsn === 'memory' ? dsn : await freshDatabase(dsn))
    await migrate(database)
  })
  afterAll(() => database.close())

  it('are all stored, each for its project', async () => {
    const wanted = Array.from({ length: 29 }, (_, i) => `key ${String(i).padStart(2, '0')}`)
    await Promise.all(wanted.flatMap((key) => ['one', 'two'].map((id) => insert(database.project(id).db, row(key)))))
    expect(await keys('one')).toEqual(wanted)
    expect(await keys('two')).toEqual(wanted)
  })

  it('do not affect each other when one is refused', async () => {
    const { db } = database.project('three')
    await insert(db, row('taken'))
    const results = await Promise.allSettled(['a', 'taken', 'b', 'c'].map((key) => insert(db, row(key))))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(isUniqueViolation((results[1] as PromiseRejectedResult).reason)).toBe(true)
    expect(await keys('three')).toEqual(['a', 'b', 'c', 'taken'])
  })

  it('are part of their transaction', async () => {
    const { db } = database.project('four')
    const failed = db.transaction().execute(async (transaction) => {
      await Promise.all(['a', 'b'].map((key) => insert(transaction, row(key))))
      throw new Error('rolled back')
    })
    await expect(failed).rejects.toThrow('rolled back')
    expect(await keys('four')).toEqual([])
  })
})
