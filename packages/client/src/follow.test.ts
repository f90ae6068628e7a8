import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readEvents } from './events.ts'
import { type ClientOptions, createClient } from './index.ts'

type Play = (response: ServerResponse) => void

let asked: { url: string | undefined; accept: string | undefined }[] = []
let plays: Play[] = []
let baseUrl = ''

/** Responds to each connection with the next of the plays, and repeats the last one. */
const server = createServer((request, response) => {
  asked.push({ url: request.url, accept: request.headers.accept })
  const play = plays.length > 1 ? plays.shift() : plays[0]
  play?.(response)
})
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked = []
  plays = []
})

const events = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })
const event = (id: string) => `id: ${id}\ndata: ${JSON.stringify({ changes: [], snaptoken: id, has_more: false })}\n\n`
const refusing = (status: number): Play => {
  const body = JSON.stringify({ error: { code: status, message: 'no', reason: `no ${status}` } })
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

const watch = (options: Partial<ClientOptions> = {}, signal?: AbortSignal) =>
  createClient({ baseUrl, ...options }).watchPermissionChanges({ query: { namespace: 'Doc' } }, signal && { signal })

/** The tokens of the first `count` events. */
async function take(count: number, from: ReturnType<typeof watch>): Promise<string[]> {
  const tokens: string[] = []
  for await (const { snaptoken } of from) if (tokens.push(snaptoken) === count) break
  return tokens
}

describe('a stream', () => {
  it('yields events, and closes the connection on leaving the loop', async () => {
    let closed = false
    plays = [
      (response) =>
        void events(response.on('close', () => (closed = true))).write(`id: 0\n\n${event('1')}${event('2')}`),
    ]
    expect(await take(2, watch())).toEqual(['1', '2'])
    expect(asked).toEqual([{ url: '/permissions/watch?namespace=Doc', accept: 'text/event-stream' }])
    await expect.poll(() => closed).toBe(true)
  })

  it('is resumed after the last event if it breaks, ends or temporarily fails', async () => {
    plays = [
      (response) => events(response).write(`id: 0\n\n${event('1')}id: 2\n\n`, () => response.destroy()),
      refusing(503),
      (response) => events(response).end(event('3')),
      (response) => void events(response).write(event('4')),
    ]
    expect(await take(3, watch())).toEqual(['1', '3', '4'])
    const address = (after: string) => `/permissions/watch?namespace=Doc${after}`
    expect(asked.map(({ url }) => url)).toEqual(['', '&snaptoken=2', '&snaptoken=2', '&snaptoken=3'].map(address))
  })

  it('is resumed if the server stops sending', async () => {
    plays = [
      (response) => void events(response).write(event('1')),
      (response) => void events(response).write(event('2')),
    ]
    expect(await take(2, watch({ timeoutMs: 100 }))).toEqual(['1', '2'])
  })

  it('stays open while the server sends keep-alive comments', async () => {
    plays = [
      (response) => {
        events(response).write(event('1'))
        let beats = 0
        const timer = setInterval(() => {
          response.write(++beats < 15 ? ':\n\n' : event('2'))
          if (beats === 15) clearInterval(timer)
        }, 100)
      },
    ]
    expect(await take(2, watch({ timeoutMs: 1000 }))).toEqual(['1', '2'])
    expect(asked).toHaveLength(1)
  })

  it.each([400, 401, 404, 410])('throws on status %i, also when reconnecting', async (status) => {
    plays = [refusing(status)]
    await expect(take(1, watch())).rejects.toMatchObject({ status, reason: `no ${status}` })
    plays = [(response) => events(response).end(event('1')), refusing(status)]
    await expect(take(2, watch())).rejects.toMatchObject({ name: 'LatchkeyError', status })
  })

  it('throws if the first connection fails', async () => {
    plays = [refusing(503)]
    await expect(take(1, watch())).rejects.toMatchObject({ status: 503 })
    await expect(take(1, watch({ baseUrl: 'http://127.0.0.1:1' }))).rejects.toBeInstanceOf(TypeError)
    expect(asked).toHaveLength(1)
  })

  it('can be aborted while it waits for events or for the next retry', async () => {
    const controller = new AbortController()
    plays = [(response) => void events(response).write(event('1'))]
    const waiting = take(2, watch({}, controller.signal))
    await expect.poll(() => asked.length).toBe(1)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    const second = new AbortController()
    plays = [
      (response) => {
        response.on('finish', () => second.abort())
        events(response).end(event('1'))
      },
    ]
    await expect(take(2, watch({}, second.signal))).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('events', () => {
  async function read(...chunks: (string | Uint8Array)[]) {
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk)
        controller.close()
      },
    })
    const found: unknown[] = []
    for await (const event of readEvents(body)) found.push(event)
    return found
  }

  it.each([
    ['across chunk boundaries', ['id: 1\nda', 'ta: {"a"', ':1}\n', '\n'], [{ id: '1', data: '{"a":1}' }]],
    ['with any line ending', ['id:1\r', '\ndata:x\r\r', 'data: y\n\n'], [{ id: '1', data: 'x' }, { data: 'y' }]],
    ['with several lines of data', ['data: a\ndata\ndata:  b\n\n'], [{ data: 'a\n\n b' }]],
    ['without unknown fields', ['event: x\nretry: 3\n: data: no\ndata: a\n\n'], [{ data: 'a' }]],
    ['only if they are complete', ['data: a\n\ndata: b\n'], [{ data: 'a' }]],
  ])('are parsed %s', async (_, chunks, expected) => {
    expect(await read(...chunks)).toEqual(expected)
  })

  it('are decoded if a chunk ends within a multi-byte character', async () => {
    const bytes = new TextEncoder().encode('data: ü🦄\n\n')
    expect(await read(bytes.slice(0, 7), bytes.slice(7, 10), bytes.slice(10))).toEqual([{ data: 'ü🦄' }])
  })
})
