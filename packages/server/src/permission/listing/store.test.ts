import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { tupleOf } from '../../../test/permission/notation.ts'
import { withModel } from '../../../test/permission/with-model.ts'
import { changeTuples } from '../tuples/change.ts'
import { subjectsWith } from './store.ts'

describe.each(dsns)('subjects of relations on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  beforeAll(async () => {
    app = await openTestApp(dsn, [])
  })
  afterAll(() => app.close())

  it('are the same of few relations as of many, whatever copies of a tuple there are', async () => {
    const { ctx } = withModel(await app.project())
    const written = ['Group:a#members@ann', 'Group:a#members@ann', 'Group:a#members@ben', 'Group:b#members@ann']
    const sets = ['Group:b#members@(Group:a#members)', 'Group:b#members@(Document:a#viewers)', 'Group:b#members@zoe']
    for (const text of [...written, ...sets]) await changeTuples(ctx, [{ action: 'insert', tuple: tupleOf(text) }])
    const few = [
      ['Group', 'a', 'members'],
      ['Group', 'b', 'members'],
    ] as const
    const many = [...few, ...Array.from({ length: 30 }, (_, i) => ['Group', `empty-${i}`, 'members'] as const)]
    for (const relations of [few, many]) {
      const names = (shape: readonly [string, string], after?: string, size = 2) =>
        subjectsWith(ctx, relations, shape, { size, ...(after !== undefined && { after }) })
      expect(await names(['', ''])).toEqual(['ann', 'ben'])
      expect(await names(['', ''], 'ann')).toEqual(['ben', 'zoe'])
      expect(await names(['', ''], 'zoe')).toEqual([])
      expect(await names(['Group', 'members'])).toEqual(['a'])
      expect(await names(['Document', 'viewers'])).toEqual(['a'])
      expect(await names(['Document', 'members'])).toEqual([])
    }
    expect(await subjectsWith(ctx, [], ['', ''], { size: 2 })).toEqual([])
  })
})
