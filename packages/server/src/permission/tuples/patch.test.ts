import { describe, expect, it } from 'vitest'
import { turnsDuring } from '../../../test/turns.ts'
import { changesFrom } from './patch.ts'

const tuple = { namespace: 'Group', object: 'crew', relation: 'members', subject_id: 'ada' }
const inserting = (condition: unknown) => ({ action: 'insert', relation_tuple: { ...tuple, condition } })

describe('changes of relationships', () => {
  it('keep the conditions of what is inserted', async () => {
    const condition = { expression: 'level >= least', context: { least: 3 } }
    expect(await changesFrom([inserting(condition)])).toEqual([{ action: 'insert', tuple: { ...tuple, condition } }])
  })

  it('may have many conditions of few expressions', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      inserting({ expression: `level >= least + ${i % 100}.0`, context: { least: i } }),
    )
    expect(await changesFrom([...many.slice(1), inserting(undefined)])).toHaveLength(10_000)
  })

  it('are refused with more different expressions before any is read', async () => {
    const many = Array.from({ length: 101 }, (_, i) => inserting({ expression: `is no expression ${i}` }))
    await expect(changesFrom(many)).rejects.toThrow(/at most 100 different expressions/)
  })

  it('are refused with one condition that cannot be read', async () => {
    await expect(changesFrom([inserting(null), inserting({ expression: 'a ==' })])).rejects.toThrow(/cannot be used/)
  })

  it('let others have their turn between the conditions that they compile', async () => {
    const long = (i: number) => `[${'a+a,'.repeat(200)}a] == [${i}]`
    const many = Array.from({ length: 30 }, (_, i) => inserting({ expression: long(i) }))
    const turns = await turnsDuring(() => changesFrom(many))
    expect(turns.count).toBeGreaterThanOrEqual(29)
  })

  it('are refused when they are too many', async () => {
    await expect(changesFrom(Array.from({ length: 10_001 }, () => inserting(null)))).rejects.toThrow(/At most 10000/)
  })
})
