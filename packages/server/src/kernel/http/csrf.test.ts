import { expect, test } from 'vitest'
import { keysFrom } from '../keys.ts'
import { systemRandom } from '../random.ts'
import { Csrf, type CsrfSettings, csrfCookieName } from './csrf.ts'

const keys = keysFrom(Buffer.alloc(32, 1))
const settings: CsrfSettings = { cookieName: 'csrf', cookie: { path: '/', secure: true, sameSite: 'Lax' } }
const request = (cookie?: string) => new Csrf(settings, cookie, { random: systemRandom, keys })

/** The Cookie header that a browser sends after an answer. */
function sentBack(csrf: Csrf): string {
  return csrf.cookies()[0]?.split(';')[0] ?? ''
}

test('a form is accepted with the cookie that it was made with, and with no other', () => {
  const first = request()
  const token = first.formToken()
  expect(request(sentBack(first)).accepts(token)).toBe(true)
  const other = request()
  other.ensure()
  expect(request(sentBack(other)).accepts(token)).toBe(false)
  expect(request().accepts(token)).toBe(false)
})

test('the token of a form is masked anew each time', () => {
  const csrf = request()
  const [one, two] = [csrf.formToken(), csrf.formToken()]
  expect(one).not.toBe(two)
  expect(Csrf.same(one, two)).toBe(true)
  expect(Csrf.same(one, request().formToken())).toBe(false)
})

test.each([
  undefined,
  '',
  'x',
  7,
  null,
  'AAAA',
  Buffer.alloc(32).toString('base64'),
  Buffer.alloc(64).toString('base64'),
])('a form with the token %s is refused', (token) => {
  const csrf = request()
  csrf.ensure()
  expect(request(sentBack(csrf)).accepts(token)).toBe(false)
})

test('a cookie that holds no token is replaced, a good one is not sent again', () => {
  const spoilt = request('csrf=short')
  expect(spoilt.hadCookie).toBe(true)
  spoilt.ensure()
  expect(spoilt.cookies()).toHaveLength(1)
  const good = request(sentBack(spoilt))
  good.ensure()
  expect(good.cookies()).toEqual([])
})

test('after a rotation forms of before are refused; one made in the same request stays good', () => {
  const first = request()
  const before = first.formToken()
  const second = request(sentBack(first))
  const after = second.rotate()
  expect(Csrf.same(second.rotate(), after)).toBe(true)
  const third = request(sentBack(second))
  expect([third.accepts(before), third.accepts(after)]).toEqual([false, true])
})

test('installations on one host have cookies of different names', () => {
  expect(csrfCookieName('http://localhost:4000/')).not.toBe(csrfCookieName('http://localhost:5000/'))
})

test('a browser is a device of the identity that signed in last, and of no other', () => {
  const before = request()
  before.ensure()
  const signingIn = request(sentBack(before))
  const form = signingIn.rotate('ada')
  const later = request(sentBack(signingIn))
  expect(later.accepts(form)).toBe(true)
  expect(later.deviceOf('ada')).toMatch(/^[\w-]{22}$/)
  expect(later.deviceOf('grace')).toBeUndefined()
  expect(request(sentBack(before)).deviceOf('ada')).toBeUndefined()
  expect(request().deviceOf('ada')).toBeUndefined()
})

test('each sign-in makes another device, and a changed cookie is none', () => {
  const [first, second] = [request(), request()]
  first.rotate('ada')
  second.rotate('ada')
  const ids = [first, second].map((csrf) => request(sentBack(csrf)).deviceOf('ada'))
  expect(new Set(ids).size).toBe(2)
  const forged = Buffer.from(sentBack(first).slice('csrf='.length), 'base64')
  forged.writeUInt8(forged.readUInt8(0) ^ 1)
  expect(request(`csrf=${forged.toString('base64')}`).deviceOf('ada')).toBeUndefined()
})
