import { expect, test } from 'vitest'
import { hasMoreItems } from './cbor.ts'

test.each([
  ['an integer', '01', 1],
  ['a list of three', '83010203', 4],
  ['a map with texts', 'a26161016162820203', 7],
  ['a byte string whose contents look like items', '4401020304', 1],
  ['lengths of two, four and eight bytes', '8358020000590001005a0000000100', 4],
  ['a text of eight length bytes', '7b000000000000000161', 1],
  ['floats and simple values', '83f5f97bfffb3ff0000000000000', 4],
  ['lists within lists', '8181818101', 5],
])('%s', (_what, hex, items) => {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  expect(hasMoreItems(bytes, 0, items)).toBe(false)
  expect(hasMoreItems(bytes, 0, items - 1)).toBe(true)
})

test('what is cut off has an end', () => {
  for (const hex of ['5b', '1bff', '7affffffff', '5bffffffffffffffff'])
    expect(hasMoreItems(new Uint8Array(Buffer.from(hex, 'hex')), 0, 5)).toBe(false)
})

test('the position counts', () => {
  const bytes = new Uint8Array(Buffer.from('ffffff0101', 'hex'))
  expect(hasMoreItems(bytes, 3, 2)).toBe(false)
  expect(hasMoreItems(bytes, 3, 1)).toBe(true)
})
