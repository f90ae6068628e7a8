import { expect, test } from 'vitest'
import { createRandom, systemRandom } from './random.ts'

test('ordered ids follow each other, however many belong to one millisecond and whatever the clock does', () => {
  let now = Date.UTC(2026, 0, 1)
  const random = createRandom({ now: () => now })
  const ids = Array.from({ length: 10_000 }, (_, i) => {
    if (i === 3000) now -= 50
    if (i === 6000) now += 1000
    return random.orderedUuid()
  })
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('ordered ids are of version 7 and tell the time of the clock', () => {
  const now = Date.UTC(2026, 5, 7, 8, 9, 10, 11)
  const id = createRandom({ now: () => now }).orderedUuid()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now)
})

test('tokens are letters and digits of the asked length, codes are digits', () => {
  for (const length of [1, 32, 43, 500])
    expect(systemRandom.token(length)).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`))
  expect(systemRandom.digits(6)).toMatch(/^\d{6}$/)
  expect(new Set(Array.from({ length: 1000 }, () => systemRandom.token(32))).size).toBe(1000)
})
