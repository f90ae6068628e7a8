import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { tokenInKratosCookie } from './kratos-cookie.ts'

const secret = 'the-secret-of-the-harbour'
const name = 'ory_kratos_session'
const token = 'ory_st_XzGvUBkGvjGvSxX1nnCjYTVTL7TbFHkV'

/** A Go map of two strings in the gob format, as Kratos encodes it. */
function gobOf(value: string): Buffer {
  const text = (word: string) => Buffer.concat([Buffer.from([word.length]), Buffer.from(word)])
  const entry = (key: string, of: string) => [
    ...[text('string'), Buffer.from([0x0c, key.length + 2, 0]), text(key)],
    ...[text('string'), Buffer.from([0x0c, of.length + 2, 0]), text(of)],
  ]
  const map = [...entry('session_token', value), ...entry('nonce', 'abcdefgh')]
  return Buffer.concat([Buffer.from('0dff81040102ff82', 'hex'), ...map])
}

function cookieOf(
  gob: Buffer,
  { key = secret, cookie = name, hashKey = key }: { key?: string; cookie?: string; hashKey?: string } = {},
): string {
  const iv = Buffer.alloc(16, 5)
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(key).digest(), iv)
  const body = Buffer.concat([iv, cipher.update(gob), cipher.final()]).toString('base64url')
  const mac = createHmac('sha256', hashKey).update(`${cookie}|1795993073|${body}`).digest()
  return Buffer.concat([Buffer.from(`1795993073|${body}|`), mac]).toString('base64url')
}

it('finds the session token, with any of the secrets', () => {
  expect(tokenInKratosCookie(name, cookieOf(gobOf(token)), ['newer', secret])).toBe(token)
})

it('reads a cookie that Kratos 26.2 set', () => {
  const cookie =
    'MTc5NTk5MzA3M3x5c1BGN1Y4bTQxR1hjdFVqQ0JlaTVhV2cyWjRKU01HZDYyalUzbUc3TVd1MXRFSkMyUmVZVnBHcVZrajNDM1hZWnRMQnZkNGV1bkNLR0NWTHVTYVY0TXU4enhPdGYyam9LQ0hoMXdzaElhLXNyQUxSU2EtNUhuX0hjN3dDOUc0SGZrNDlDeTVLenJ5QW8tNENwT2ptbllhZmxFRXJHckV1enZmOXVLRFNyUVFmTGVJaTRQajB0Wm50Ync1aVQyYmNwSzZtODBXRERFcjZsbWZBQ19EUHB5ZHU3R2xqamdqUFNwUWRkSldLSUdRNnJRWFlMOG01cVNoTFMyZXQ5R21MdE1qYWZoY0ZIcTBBMWJzbHNNTVF8T1jfKhrxlqSczlRSp3EdeSC5vFMcBJUpFFkEuyYNcSw='
  expect(tokenInKratosCookie(name, cookie, ['PLEASE-CHANGE-ME-I-AM-VERY-INSECURE'])).toMatch(/^ory_st_\w{32}$/)
})

it.each([
  ['another secret', cookieOf(gobOf(token), { key: 'another' })],
  ['the cookie of another name', cookieOf(gobOf(token), { cookie: 'other' })],
  ['a signature of another key', cookieOf(gobOf(token), { hashKey: 'another' })],
  ['another content', cookieOf(Buffer.from('nothing'))],
  ['no content', cookieOf(Buffer.alloc(0))],
  ['a changed character', cookieOf(gobOf(token)).replace(/.(?=.{60}$)/, (c) => (c === 'A' ? 'B' : 'A'))],
  ['a shorter one', cookieOf(gobOf(token)).slice(0, -8)],
  ['a text that is too long', cookieOf(gobOf(token)).padEnd(5000, 'A')],
  ['a token of our own', 'x'.repeat(43)],
  ['bars', Buffer.from('1|||').toString('base64url')],
  ['nothing', ''],
])('refuses %s', (_, cookie) => {
  expect(tokenInKratosCookie(name, cookie, [secret])).toBeUndefined()
})
