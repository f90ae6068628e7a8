import { expect, test } from 'vitest'
import { readCookies, setCookie } from './cookies.ts'

const usual = { path: '/', secure: true, sameSite: 'Lax' } as const
const nowMs = Date.UTC(2026, 0, 1)

test('a cookie of the browser session says nothing of its end', () => {
  expect(setCookie('one', 'a', usual)).toBe('one=a; Path=/; HttpOnly; Secure; SameSite=Lax')
})

test('a lasting cookie says its end as a duration, and by the given time in the older way', () => {
  expect(setCookie('one', 'a', { ...usual, maxAgeSeconds: 60 })).toContain('Path=/; Max-Age=60; HttpOnly')
  expect(setCookie('one', 'a', { ...usual, maxAgeSeconds: 60, nowMs })).toContain(
    'Path=/; Expires=Thu, 01 Jan 2026 00:01:00 GMT; Max-Age=60; HttpOnly',
  )
})

test('a removed cookie has run out in both ways', () => {
  expect(setCookie('one', '', { ...usual, domain: 'harbour.example', secure: false, maxAgeSeconds: 0 })).toBe(
    'one=; Path=/; Domain=harbour.example; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; SameSite=Lax',
  )
})

test.each([
  ['a=1; b=2', 'b', '2'],
  ['a=1;b=2', 'b', '2'],
  ['b=1; a=0; b=2', 'b', '1', '2'],
  ['ab=1; b=2', 'b', '2'],
  ['b="1"', 'b', '1'],
  ['b=1=2', 'b', '1=2'],
  ['b=', 'b', ''],
  ['bb=1', 'b'],
  ['b', 'b'],
  ['', 'b'],
  [undefined, 'b'],
] as [string | undefined, string, ...string[]][])('%s has for %s the values', (header, name, ...values) => {
  expect(readCookies(header, name)).toEqual(values)
})

test('no more than eight values of a name are read', () => {
  expect(readCookies('b=1; '.repeat(100), 'b')).toHaveLength(8)
})
