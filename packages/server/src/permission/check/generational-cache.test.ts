import { describe, expect, it } from 'vitest'
import { GenerationalCache } from './generational-cache.ts'

const [ours, theirs] = [{}, {}]
const memory = () => new GenerationalCache<string>({ maxSize: 20, sizeOf: (entry) => entry.length })

describe('a memory', () => {
  it('gives what was kept, to its owner', () => {
    const kept = memory()
    kept.set(ours, 'a', 'x')
    expect([kept.get(ours, 'a'), kept.get(theirs, 'a'), kept.get(ours, 'b')]).toEqual(['x', undefined, undefined])
  })

  it('keeps what is asked for, and lets go of what is not', () => {
    const kept = memory()
    kept.set(ours, 'used', 'xxxx')
    kept.set(ours, 'unused', 'xxxx')
    for (let i = 0; i < 40; i++) {
      kept.set(theirs, `${i}`, 'xxxx')
      expect(kept.get(ours, 'used')).toBe('xxxx')
    }
    expect(kept.get(ours, 'unused')).toBeUndefined()
    const left = Array.from({ length: 40 }, (_, i) => kept.get(theirs, `${i}`)).filter((entry) => entry !== undefined)
    expect(left.length).toBeLessThan(6)
  })

  it('has no place for what is larger than half of it', () => {
    const kept = memory()
    kept.set(ours, 'a', 'x'.repeat(11))
    expect(kept.get(ours, 'a')).toBeUndefined()
  })

  it('deletes an entry in either half, and forgets an owner', () => {
    const kept = memory()
    for (const name of ['a', 'b', 'c']) kept.set(ours, name, 'xxxx')
    kept.delete(ours, 'a')
    kept.delete(ours, 'c')
    expect(['a', 'b', 'c'].map((name) => kept.get(ours, name))).toEqual([undefined, 'xxxx', undefined])
    kept.set(theirs, 'a', 'x')
    kept.clear(ours)
    expect([kept.get(ours, 'b'), kept.get(theirs, 'a')]).toEqual([undefined, 'x'])
  })
})
