import { expect, test } from 'vitest'
import { systemRandom } from '../random.ts'
import { Csrf, type CsrfSettings, csrfCookieName } from './csrf.ts'

const settings: CsrfSettings = { cookieName: 'csrf', cookie: { path: '/', secure: true, sameSite: 'Lax' } }
const request = (cookie?: string) => new Csrf(settings, cookie, systemRandom)

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
