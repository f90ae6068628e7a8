import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { administrators } from './audience.ts'
import { createListener, json, type ListenerOptions, type Route } from './index.ts'
import { trustedProxies } from './trusted-proxies.ts'

const open: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((http) => http.close()))
})

const route = (path: string, handle: Route['handle'], method = 'GET'): Route => ({
  method,
  path,
  plane: 'admin',
  csrf: 'off',
  handle,
})
const ctx = { random: { uuid: () => 'made-up' }, config: {} } as unknown as Context

function listener(routes: Route[], options: Partial<ListenerOptions> = {}): FastifyInstance {
  const csrf = () => ({ cookieName: 'csrf', cookie: { path: '/', secure: false, sameSite: 'Lax' as const } })
  const http = createListener({
    audience: administrators,
    routes,
    context: () => ctx,
    csrf,
    cors: () => undefined,
    ...options,
  })
  open.push(http)
  return http
}

/** A connection to a listener that has begun to listen. */
async function connectTo(http: FastifyInstance): Promise<{ socket: Socket; said(): string; ended: Promise<unknown> }> {
  if (!http.server.listening) await http.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((http.server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const ended = once(socket, 'close')
  await once(socket, 'connect')
  return { socket, said: () => text, ended }
}

it('tells browsers not to guess types and not to frame an answer', async () => {
  const { headers } = await listener([route('/one', () => json(200, {}))]).inject('/one')
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
})

it('refuses a body above its limit with 413', async () => {
  const http = listener([route('/one', () => json(200, {}), 'POST')])
  const answer = await http.inject({ method: 'POST', url: '/one', payload: 'x'.repeat((1 << 20) + 1) })
  expect(answer.statusCode).toBe(413)
  expect(answer.json()).toMatchObject({ error: { code: 413 } })
})

it('refuses headers above their limit with 431', async () => {
  const { socket, said, ended } = await connectTo(listener([]))
  socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`)
  await ended
  expect(said()).toMatch(/^HTTP\/1\.1 431 /)
})

it('answers what is no HTTP with 400', async () => {
  const { socket, said, ended } = await connectTo(listener([]))
  socket.write('one two three\r\n\r\n')
  await ended
  expect(said()).toMatch(/^HTTP\/1\.1 400 /)
})

it.each([
  ['headers', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-One: '],
  ['body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{'],
])('closes a connection whose %s never come to an end', async (_, begin) => {
  const http = listener([], { timeouts: { headersMs: 50, requestMs: 100 } })
  const { socket, said, ended } = await connectTo(http)
  socket.write(begin)
  await ended
  expect(said()).toMatch(/^HTTP\/1\.1 408 /)
})

it('answers what it has taken before it closes, and closes that connection with the answer', async () => {
  let finish = () => {}
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const slow = route('/slow', async () => {
    arrived()
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return json(200, { done: true })
  })
  const http = listener([slow])
  const idle = await connectTo(http)
  const busy = await connectTo(http)
  busy.socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await arrival
  const closing = http.close()
  await idle.ended
  finish()
  await busy.ended
  await closing
  expect(busy.said()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*connection: close[\s\S]*\{"done":true\}$/i)
})

it('tells its observers of every answer', async () => {
  const seen: unknown[] = []
  const http = listener(
    [route('/one/{id}', () => json(200, {})), route('/bug', () => Promise.reject(new Error('bug')))],
    {
      context: () => ({ ...ctx, log: { error: () => {} } }) as unknown as Context,
      observers: [({ route, method, status, call }) => seen.push([method, route?.path, status, call?.id])],
    },
  )
  await http.inject({ url: '/one/2?a=b', headers: { 'x-request-id': 'mine' } })
  const bug = await http.inject('/bug')
  await http.inject({ url: '/none', headers: { 'x-request-id': 'not an id' } })
  expect(seen).toEqual([
    ['GET', '/one/{id}', 200, 'mine'],
    ['GET', '/bug', 500, 'made-up'],
    ['GET', undefined, 404, 'made-up'],
  ])
  expect(bug.json().error).toMatchObject({ code: 500, request: 'made-up' })
  expect(bug.payload).not.toContain('bug"')
})

it('believes X-Forwarded-For from the proxies alone that it is told to trust', async () => {
  const routes = [route('/ip', (_, call) => json(200, { ip: call.ip }))]
  const headers = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.8', 'x-real-ip': '203.0.113.7' }
  const ipSeen = async (http: FastifyInstance, remoteAddress: string) =>
    (await http.inject({ url: '/ip', headers, remoteAddress })).json().ip
  expect(await ipSeen(listener(routes), '10.1.2.3')).toBe('10.1.2.3')
  const behind = listener(routes, { trustedProxies: trustedProxies({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }) })
  expect(await ipSeen(behind, '10.1.2.3')).toBe('203.0.113.9')
  expect(await ipSeen(behind, '198.51.100.1')).toBe('198.51.100.1')
})

it('refuses a list of proxies that holds something else', () => {
  expect(() => trustedProxies({ TRUSTED_PROXIES: '10.0.0.0/8,everyone' })).toThrow(/"everyone"/)
  expect(trustedProxies({})).toEqual([])
})
