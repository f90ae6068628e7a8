import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import type { Context } from '../context.ts'
import { Call, requestId } from './call.ts'

const ctx = { random: { uuid: () => 'made-up' } } as unknown as Context
const csrf = { cookieName: 'csrf', cookie: { path: '/', secure: false, sameSite: 'Lax' as const } }

function call(headers: Record<string, string>, url = '/one?a=1&a=2'): Call {
  return new Call({ headers, url, method: 'GET', ip: '127.0.0.1' } as unknown as FastifyRequest, ctx, csrf)
}

test.each([
  ['application/json', true],
  ['application/json, text/plain, */*', true],
  ['application/json;q=0.9, text/html;q=0.8', true],
  ['Application/JSON; charset=utf-8', true],
  ['application/json;q=0.8, text/html', false],
  ['text/html, application/json', false],
  ['*/*', false],
  ['application/*', false],
  ['application/xml', false],
  ['application/json;q=0', false],
  ['', false],
  [undefined, false],
])('Accept: %s prefers JSON: %s', (accept, preferred) => {
  expect(call(accept === undefined ? {} : { accept }).wantsJson).toBe(preferred)
})

test('the id of a request is the caller’s where it can be written into a log, otherwise our own', () => {
  expect(call({ 'x-request-id': 'mine-1.2' }).id).toBe('mine-1.2')
  expect(call({ 'x-request-id': 'not\nmine' }).id).toBe('made-up')
  expect(requestId('x'.repeat(65))).toBeUndefined()
})

test('path and query are parted', () => {
  const { path, search, target } = call({})
  expect({ path, target, a: search.getAll('a') }).toEqual({ path: '/one', target: '/one?a=1&a=2', a: ['1', '2'] })
  expect(call({}, '/none').search.size).toBe(0)
})
