import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { UnavailableError } from '../unavailable.ts'
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

it('takes 48 KiB of cookies, as other applications on the parent domain make them', async () => {
  const http = listener([route('/', (_, call) => json(200, { length: call.header('cookie')?.length }))])
  const { socket, said, ended } = await connectTo(http)
  socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ${'x'.repeat(48 << 10)}\r\n\r\n`)
  await ended
  expect(said()).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"length":49152\}$/)
})

it.each([
  ['JSON for programs', 'application/json', /\{"error":\{"code":431,"status":"Request Header Fields Too Large",/],
  ['a page for browsers', 'text/html,*/*;q=0.8', /<!doctype html>.*delete the cookies/],
])('refuses headers above their limit with 431: %s', async (_, accept, body) => {
  const { socket, said, ended } = await connectTo(listener([]))
  socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'x'.repeat(65_000)}\r\nX-More: 123\r\n`)
  socket.write(`Accept: ${accept}\r\nX-Large: ${'x'.repeat(2000)}\r\n\r\n`)
  await ended
  expect(said()).toMatch(/^HTTP\/1\.1 431 /)
  expect(said()).toMatch(body)
})

const echo = () => listener([route('/', (_, call) => json(200, { type: call.contentType }), 'POST')])

it.each(['', ' '])('takes an empty Content-Type as none: "%s"', async (type) => {
  const answer = await echo().inject({ method: 'POST', url: '/', payload: 'x', headers: { 'content-type': type } })
  expect([answer.statusCode, answer.json()]).toEqual([200, { type: '' }])
})

it.each(['nonsense', 'text', '/', 'application/', ';'])('names the header that is no media type: %s', async (type) => {
  const answer = await echo().inject({ method: 'POST', url: '/', payload: 'x', headers: { 'content-type': type } })
  expect(answer.statusCode).toBe(415)
  expect(answer.json().error).toMatchObject({ code: 415, reason: expect.stringContaining('Content-Type') })
})

it('takes any Content-Type where it reads text', async () => {
  const routes = [{ ...route('/', (_, call) => json(200, { text: call.bodyText }), 'POST'), readsText: true }]
  for (const type of ['', 'nonsense', 'text/plain', 'application/json']) {
    const sent = { method: 'POST' as const, url: '/', payload: 'class', headers: { 'content-type': type } }
    expect((await listener(routes).inject(sent)).json()).toEqual({ text: 'class' })
  }
})

it('answers 503 with Retry-After where its project cannot be looked up', async () => {
  const http = listener([route('/', () => json(200, {}))], {
    context: () => Promise.reject(new UnavailableError('The database is temporarily unavailable.', { cause: 'gone' })),
  })
  const answer = await http.inject('/')
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1'])
  expect(answer.json().error).toMatchObject({ code: 503, reason: 'The database is temporarily unavailable.' })
})

it('tells a handler that its client has gone', async () => {
  let isGone = false
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const slow = route('/slow', async (_, { signal }) => {
    const gone = new Promise((resolve) => signal.addEventListener('abort', resolve))
    arrived()
    await gone
    isGone = true
    return json(200, {})
  })
  let signal: AbortSignal | undefined
  const quick = route('/quick', (_, call) => {
    signal = call.signal
    return json(200, {})
  })
  const http = listener([slow, quick])
  const patient = await connectTo(http)
  patient.socket.write('GET /quick HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await patient.ended
  const { socket } = await connectTo(http)
  socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await arrival
  socket.destroy()
  await expect.poll(() => isGone).toBe(true)
  expect(signal?.aborted).toBe(false)
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

it.each([
  ['//one', 307, '/one'],
  ['/a/..//one?b=%2F&c', 307, '/one?b=%2F&c'],
  ['/./one', 307, '/one'],
  ['//evil.example/one', 404, undefined],
  ['/one/', 404, undefined],
  ['//nothing', 404, undefined],
])('answers %s with %i, as Kratos does with paths that are not clean', async (url, status, location) => {
  const http = listener([route('/one', () => json(200, {}))])
  await http.listen({ host: '127.0.0.1', port: 0 })
  const { said, socket, ended } = await connectTo(http)
  socket.end(`GET ${url} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
  await ended
  expect(said()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(/^location: (.*)\r$/im.exec(said())?.[1]).toBe(location)
})
