import { expect, test } from 'vitest'
import { hmacMd4, md4 } from './md4.ts'

test.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  ],
])('digests RFC 1320 test string %j', (text, digest) => {
  expect(md4(Buffer.from(text)).toString('hex')).toBe(digest)
})

test('a key longer than a block is digested first', () => {
  const key = Buffer.alloc(80, 0xaa)
  const message = Buffer.from('what is signed')
  expect(hmacMd4(key, message)).toEqual(hmacMd4(md4(key), message))
})
