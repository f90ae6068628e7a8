import { expect, test } from 'vitest'
import { verifyPassword } from '../verify.ts'

// Generated with `openssl passwd -1`.
test.each([
  ['', '$md5-crypt$abc$Or2rbeUYTvt12aiVzMuS/.'],
  ['longer password than sixteen bytes', '$md5-crypt$$6gQwATmeiStyOqmeNOxSw0'],
])('agrees with OpenSSL on %j', async (password, hash) => {
  expect(await verifyPassword(password, hash)).toBe(true)
  expect(await verifyPassword(`${password}!`, hash)).toBe(false)
})
