import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { administrators } from './audience.ts'
import { createListener, eventStream, type ListenerOptions, type Reply } from './index.ts'

const open: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()))
})

/** A listener whose one path answers with a stream, and a request to it. */
async function requestStream(stream: NonNullable<Reply['stream']>, options: Partial<ListenerOptions> = {}) {
  const logged: unknown[] = []
  const ctx = { random: { uuid: () => 'made-up' }, log: { error: (entry: unknown) => logged.push(entry) } }
  const listener = createListener({
    audience: administrators,
    routes: [{ method: 'GET', path: '/events', plane: 'admin', csrf: 'off', handle: () => eventStream(stream) }],
    context: () => ctx as unknown as Context,
    csrf: () => ({ cookieName: 'csrf', cookie: { path: '/', secure: false, sameSite: 'Lax' } }),
    cors: () => undefined,
    ...options,
  })
  open.push(listener)
  await listener.listen({ host: '127.0.0.1', port: 0 })
  const { port } = listener.server.address() as AddressInfo
  const request = http.get({ port, host: '127.0.0.1', path: '/events', agent: false })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  return { listener, request, response, logged }
}

/** Resolves when the signal is aborted. */
const waitForAbort = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })

it('sends each piece as it comes, and tells its observers once, at the end', async () => {
  const seen: unknown[] = []
  let more = () => {}
  const { response } = await requestStream(
    async function* () {
      yield 'one'
      await new Promise<void>((resolve) => {
        more = resolve
      })
      yield 'two'
    },
    { observers: [({ status, route }) => seen.push([status, route?.path])] },
  )
  expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', connection: 'close' })
  expect(response.headers).not.toHaveProperty('content-length')
  const pieces = response.setEncoding('utf8').iterator()
  expect((await pieces.next()).value).toBe('one')
  expect(seen).toEqual([])
  more()
  expect((await pieces.next()).value).toBe('two')
  expect((await pieces.next()).done).toBe(true)
  await expect.poll(() => seen).toEqual([[200, '/events']])
})

it('asks for no more pieces than are read', async () => {
  let [given, ended] = [0, false]
  const { request, response } = await requestStream(async function* () {
    try {
      for (; given < 10_000; given++) yield 'x'.repeat(100_000)
    } finally {
      ended = true
    }
  })
  response.pause()
  let before = -1
  await expect
    .poll(
      () => {
        const same = given === before
        before = given
        return same
      },
      { interval: 100 },
    )
    .toBe(true)
  expect(given).toBeGreaterThan(0)
  expect(given).toBeLessThan(500)
  request.destroy()
  await expect.poll(() => ended).toBe(true)
})

it('ends with the one who reads it', async () => {
  let ended = false
  const { request } = await requestStream(async function* (signal) {
    yield 'one'
    await waitForAbort(signal)
    ended = true
  })
  request.destroy()
  await expect.poll(() => ended).toBe(true)
})

it('ends when the server closes, also one that is not read', async () => {
  const polite = async function* (signal: AbortSignal) {
    yield 'one'
    await waitForAbort(signal)
  }
  const { listener, response } = await requestStream(polite)
  response.resume()
  await Promise.all([listener.close(), once(response, 'end')])
  const endless = async function* () {
    for (;;) yield 'x'.repeat(100_000)
  }
  const stuck = await requestStream(endless)
  stuck.response.on('error', () => {})
  await stuck.listener.close()
})

it('breaks off where it fails, so that nobody takes it for whole, and logs why', async () => {
  const failure = new Error('the database is gone')
  // biome-ignore lint/correctness/useYield: it fails before it has anything to give
  const { response, logged } = await requestStream(async function* () {
    throw failure
  })
  const [error] = await once(response.resume(), 'error').catch((thrown: Error) => [thrown])
  expect(error).toMatchObject({ code: 'ECONNRESET' })
  expect(logged).toEqual([{ err: failure }])
})
