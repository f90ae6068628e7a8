import { describe, expect, it } from 'vitest'
import { changesFrom } from './patch.ts'

const tuple = { namespace: 'Group', object: 'crew', relation: 'members', subject_id: 'ada' }
const inserting = (condition: unknown) => ({ action: 'insert', relation_tuple: { ...tuple, condition } })

describe('changes of relationships', () => {
  it('keep the conditions of what is inserted', () => {
    const condition = { expression: 'level >= least', context: { least: 3 } }
    expect(changesFrom([inserting(condition)])).toEqual([{ action: 'insert', tuple: { ...tuple, condition } }])
  })

  it('may have many conditions of few expressions', () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      inserting({ expression: `level >= least + ${i % 100}.0`, context: { least: i } }),
    )
    expect(changesFrom([...many.slice(1), inserting(undefined)])).toHaveLength(10_000)
  })

  it('are refused with more different expressions before any is read', () => {
    const many = Array.from({ length: 101 }, (_, i) => inserting({ expression: `is no expression ${i}` }))
    expect(() => changesFrom(many)).toThrow(/at most 100 different expressions/)
  })

  it('are refused with one condition that cannot be read', () => {
    expect(() => changesFrom([inserting(null), inserting({ expression: 'a ==' })])).toThrow(/cannot be used/)
  })

  it('are refused when they are too many', () => {
    expect(() => changesFrom(Array.from({ length: 10_001 }, () => inserting(null)))).toThrow(/At most 10000/)
  })
})
