import { expect, test } from 'vitest'
import type { Call } from './call.ts'
import { type CorsSettings, corsHeaders, preflight } from './cors.ts'

const settings: CorsSettings = {
  allowedOrigins: ['https://app.harbour.example', 'https://*.pier.example'],
  allowedMethods: ['GET', 'POST'],
  allowedHeaders: ['Authorization', 'Content-Type'],
  exposedHeaders: ['Link'],
  allowCredentials: true,
  maxAgeSeconds: 60,
}
const origin = 'https://app.harbour.example'

function preflightReply(headers: Record<string, string>, by: CorsSettings | undefined = settings) {
  return preflight(by, { header: (name: string) => headers[name] } as Call)
}
const ask = (more: Record<string, string> = {}) =>
  preflightReply({ origin, 'access-control-request-method': 'POST', ...more })

test('a page of an allowed origin learns what it may send', () => {
  expect(ask({ 'access-control-request-headers': 'content-type, AUTHORIZATION' })).toEqual({
    status: 204,
    headers: {
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, AUTHORIZATION',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '60',
    },
  })
})

test.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['an origin that only ends alike', { origin: 'https://evil-app.harbour.example' }],
  ['the bare domain of a wildcard', { origin: 'https://pier.example' }],
  ['another scheme', { origin: 'http://app.harbour.example' }],
  ['another method', { 'access-control-request-method': 'DELETE' }],
  ['another header', { 'access-control-request-headers': 'content-type, x-secret' }],
])('%s is told nothing', (_, more) => {
  expect(ask(more)).toMatchObject({ status: 204 })
  expect(Object.keys(ask(more).headers ?? {})).toEqual(['vary'])
})

test('nothing is allowed without settings', () => {
  expect(
    Object.keys(preflightReply({ origin, 'access-control-request-method': 'GET' }, undefined).headers ?? {}),
  ).toContain('vary')
  expect(corsHeaders(undefined, origin)).toEqual({})
})

test('an answer lets pages of allowed origins read it, whatever the letter case', () => {
  const read = { 'access-control-allow-credentials': 'true', 'access-control-expose-headers': 'Link' }
  for (const one of [origin, 'https://APP.harbour.example', 'https://seven.pier.example']) {
    expect(corsHeaders(settings, one)).toEqual({ 'access-control-allow-origin': one, ...read })
  }
  expect(corsHeaders(settings, 'https://evil.example')).toEqual({})
})

test('of every origin, browsers are told the asterisk and nothing of credentials', () => {
  for (const allowedOrigins of [['*'], [origin, '*']]) {
    const open = { ...settings, allowedOrigins, exposedHeaders: [] }
    for (const one of [origin, 'https://evil.example', 'null'])
      expect(corsHeaders(open, one)).toEqual({ 'access-control-allow-origin': '*' })
    const asked = preflightReply({ origin: 'https://evil.example', 'access-control-request-method': 'POST' }, open)
    expect(asked.headers).toMatchObject({ 'access-control-allow-origin': '*' })
    expect(asked.headers).not.toHaveProperty('access-control-allow-credentials')
  }
})

test.each<[pattern: string, origin: string, allowed: boolean]>([
  ['https://*.pier.example', 'https://one.pier.example', true],
  ['https://*.pier.example', 'https://two.one.pier.example', true],
  ['https://*.PIER.example', 'https://ONE.pier.example', true],
  ['https://*.pier.example', 'https://pier.example', false],
  ['https://*.pier.example', 'https://.pier.example', false],
  ['https://*.pier.example', 'https://evilpier.example', false],
  ['https://*.pier.example', 'https://one.pier.example.evil.example', false],
  ['https://*.pier.example', 'https://one.pier.example:8443', false],
  ['https://*.pier.example', 'http://one.pier.example', false],
  ['https://*.pier.example', 'https://evil.example/.pier.example', false],
  ['https://*.pier.example', 'https://evil.example#.pier.example', false],
  ['https://*.pier.example', 'null', false],
  ['https://pier-*.example.org', 'https://pier-7.example.org', true],
  ['https://pier-*.example.org', 'https://pier-.example.org', false],
  ['https://pier-*.example.org', 'https://quay-7.example.org', false],
  ['http://localhost:*', 'http://localhost:3000', true],
  ['http://localhost:*', 'http://localhost', false],
  ['http://localhost:*', 'http://localhost.evil.example:3000', false],
  ['https://aba*aba', 'https://aba', false],
])('the entry %s allows %s: %s', (pattern, from, allowed) => {
  const headers = corsHeaders({ ...settings, allowedOrigins: [pattern] }, from)
  expect(headers['access-control-allow-origin']).toBe(allowed ? from : undefined)
})
