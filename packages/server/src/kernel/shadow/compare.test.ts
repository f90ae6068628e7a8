import { expect, it } from 'vitest'
import { differingPlaces } from './compare.ts'

it.each([
  ['equal values', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  ['the order of members', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  ['wording', { error: { message: 'one', code: 404 } }, { error: { message: 'other', code: 404 } }, []],
  ['times within a millisecond', { at: '2026-01-02T03:04:05.678Z' }, { at: '2026-01-02T03:04:05.678432Z' }, []],
  ['other times', { at: '2026-01-02T03:04:05Z' }, { at: '2026-01-02T03:04:06Z' }, ['.at']],
  ['a member that is missing', { a: { b: 1 } }, { a: {} }, ['.a.b']],
  ['a wording that is missing', { error: {} }, { error: { reason: 'x' } }, ['.error.reason']],
  ['other values in a list', { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] }, ['.a[].b']],
  ['longer lists', [1, 2], [1], ['.length']],
  ['other types', { a: [] }, { a: {} }, ['.a']],
  ['other texts', 'a', 'b', ['.']],
])('compares %s', (_, ours, theirs, places) => {
  expect(differingPlaces(ours, theirs)).toEqual(places)
})

it('reports a limited number of places', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i]))
  expect(differingPlaces(many, {})).toHaveLength(20)
})
