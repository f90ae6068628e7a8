import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../../test/stage/postgres.ts'
import { dsns } from '../../test/courier.ts'
import { type Database, migrate, openDatabase, preparedStatement } from './index.ts'

describe.each(dsns)('a prepared statement on %s', (_, dsn) => {
  let database: Database
  let compiled = 0
  const insert = preparedStatement<{ key: string }, never>((db, p) =>
    db.insertInto('attempts').values({ key: p.key, count: 1, resets_at: 0 }),
  )
  const list = preparedStatement<{ count: number }, { key: string }>((db, p) => {
    compiled++
    return db.selectFrom('attempts').select('key').where('count', '=', p.count).orderBy('key')
  })
  beforeAll(async () => {
    database = await openDatabase(dsn === 'memory' ? dsn : await freshDatabase(dsn))
    await migrate(database)
  })
  afterAll(() => database.close())

  it('is compiled once for all projects, and sees the rows of its own', async () => {
    for (const id of ['one', 'two', 'three']) await insert(database.project(id).db, { key: `of ${id}` })
    const seen = await Promise.all(
      ['two', 'three', 'one', 'four'].map((id) => list(database.project(id).db, { count: 1 })),
    )
    expect(seen).toEqual([[{ key: 'of two' }], [{ key: 'of three' }], [{ key: 'of one' }], []])
    expect(compiled).toBe(1)
    expect(await list(database.unscoped, { count: 1 })).toHaveLength(3)
    expect(compiled).toBe(2)
  })

  it('keeps to its project in a transaction', async () => {
    const { db } = database.project('two')
    const rows = await db.transaction().execute((transaction) => list(transaction, { count: 1 }))
    expect(rows).toEqual([{ key: 'of two' }])
  })
})
