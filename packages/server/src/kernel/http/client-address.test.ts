import { expect, test } from 'vitest'
import { forwardedAddress } from './client-address.ts'

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  [' 192.0.2.1 ', '192.0.2.1'],
  ['unknown', undefined],
  ['_hidden', undefined],
  ['192.0.2.1:4711:2', undefined],
  ['999.0.2.1:1', undefined],
  ['', undefined],
])('the address in %j is %s', (element, address) => {
  expect(forwardedAddress(element)).toBe(address)
})
