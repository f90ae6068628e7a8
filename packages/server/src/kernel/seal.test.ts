import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { systemRandom } from './random.ts'
import { openText, resealText, sealText } from './seal.ts'

const key = randomBytes(32)
const sealed = sealText(systemRandom, key, 'row/column', 'a code: 123456')

test('gives back what was sealed for a place', () => {
  expect(openText([key], 'row/column', sealed)).toBe('a code: 123456')
})

test('opens nothing under another key, for another place, or changed', () => {
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
  expect(openText([randomBytes(32)], 'row/column', sealed)).toBeUndefined()
  expect(openText([key], 'row/other', sealed)).toBeUndefined()
  expect(openText([key], 'row/column', changed)).toBeUndefined()
  expect(openText([key], 'row/column', '')).toBeUndefined()
})

test('shows nothing of the text, and differs each time', () => {
  expect(Buffer.from(sealed, 'base64url').includes('123456')).toBe(false)
  expect(sealText(systemRandom, key, 'row/column', 'a code: 123456')).not.toBe(sealed)
})

test('is opened with an older key, and encrypted again with the current one', () => {
  const current = randomBytes(32)
  expect(openText([current, key], 'row/column', sealed)).toBe('a code: 123456')
  const again = resealText(systemRandom, [current, key], 'row/column', sealed) ?? ''
  expect(openText([current], 'row/column', again)).toBe('a code: 123456')
  expect(resealText(systemRandom, [current, key], 'row/column', again)).toBeUndefined()
  expect(resealText(systemRandom, [current], 'row/column', sealed)).toBeUndefined()
})
