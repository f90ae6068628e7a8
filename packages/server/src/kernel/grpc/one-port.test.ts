import { once } from 'node:events'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { create, createFileRegistry, type DescService } from '@bufbuild/protobuf'
import {
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt'
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { listening } from '../../../test/grpc.ts'
import type { Context } from '../context.ts'
import { administrators, createListener, json, type Observed } from '../http/index.ts'
import { createGrpcServer, type Implementation, shareWithGrpc } from './index.ts'

const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [
      {
        name: 'test/echo/echo.proto',
        package: 'test.echo',
        syntax: 'proto3',
        messageType: [
          { name: 'Message', field: [{ name: 'text', number: 1, label: Label.OPTIONAL, type: Type.STRING }] },
        ],
        service: [
          {
            name: 'Echo',
            method: [{ name: 'Say', inputType: '.test.echo.Message', outputType: '.test.echo.Message' }],
          },
        ],
      },
    ],
  }),
)
const echoService = registry.getService('test.echo.Echo') as DescService

const lines: unknown[] = []
const log = { error: (...given: unknown[]) => lines.push(...given) }
const ctx = { random: { uuid: () => 'made-up' }, config: {}, log } as unknown as Context
const path = '/test.echo.Echo/Say'
const hello = Buffer.from('\n\u0005hello')

const open: { http: FastifyInstance; clients: Client[] }[] = []
afterEach(async () => {
  for (const { http, clients } of open.splice(0)) {
    for (const client of clients) client.close()
    await http.close()
  }
})

async function echo({ say = async (said: string) => said, recognizeMs = 15_000, requestMs = 60_000 } = {}) {
  const seen: Pick<Observed, 'route' | 'status'>[] = []
  const observers = [({ route, status }: Observed) => void seen.push({ route, status })]
  const csrf = () => ({ cookieName: 'csrf', cookie: { path: '/', secure: false, sameSite: 'Lax' as const } })
  const routes = [
    {
      method: 'POST',
      path: '/echo',
      plane: 'admin',
      csrf: 'off',
      handle: (_: Context, call: { bodyText: string }) => json(200, call.bodyText),
    },
  ] as const
  const http = createListener({ audience: administrators, routes, context: () => ctx, csrf, cors: () => undefined })
  const handlers = { say: async (_ctx: Context, { text }: { text: string }) => ({ text: await say(text) }) }
  const services: Implementation[] = [{ service: echoService, handlers, isOpen: false }]
  shareWithGrpc(http, createGrpcServer({ services, context: () => ctx, observers, requestMs }), recognizeMs)
  const port = await listening(http)
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 })
  open.push({ http, clients: [client] })
  return { http, port, seen, call: (bytes: Buffer = hello, to = path) => sent(client, to, bytes) }
}

function sent(client: Client, to: string, bytes: Buffer): Promise<{ code: status; details: string; answer?: string }> {
  const same = (some: Buffer) => some
  return new Promise((resolve) => {
    client.makeUnaryRequest(to, same, same, bytes, (error: ServiceError | null, answer?: Buffer) => {
      if (error) resolve({ code: error.code, details: error.details })
      else resolve({ code: status.OK, details: '', answer: answer?.toString() ?? '' })
    })
  })
}

function said(port: number, parts: readonly (string | Buffer)[]) {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  const ended = once(socket, 'close')
  const all = (async () => {
    for (const part of parts) {
      socket.write(part)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  return { socket, heard: () => heard, ended, all }
}

it('answers HTTP and gRPC on one port', async () => {
  const { port, call, seen } = await echo()
  expect(await call()).toMatchObject({ code: status.OK, answer: hello.toString() })
  const body = 'x'.repeat(900_000)
  const answer = await fetch(`http://127.0.0.1:${port}/echo`, { method: 'POST', body })
  expect(await answer.json()).toBe(body)
  expect(seen).toEqual([{ route: { path }, status: 200 }])
})

it('waits for the first bytes of either, however they are cut', async () => {
  const { port } = await echo()
  const post = said(port, [
    'P',
    'OST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nh',
    'i',
  ])
  await post.ended
  expect(post.heard()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"hi"$/)
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
  const http2 = said(port, ['P', 'RI * HTTP/2.0\r\n', '\r\nSM\r\n\r', '\n', settings])
  await http2.all
  // The frame of the server's settings: its type is the fourth byte.
  expect(http2.heard().charCodeAt(3)).toBe(4)
  http2.socket.destroy()
})

it.each([
  ['says nothing', ''],
  ['stops within the first bytes', 'PRI * HT'],
])('closes a connection that %s', async (_, begin) => {
  const { port } = await echo({ recognizeMs: 50 })
  const { ended, heard } = said(port, begin ? [begin] : [])
  await ended
  expect(heard()).toBe('')
})

it('refuses what is no message, what is too large and what is not there', async () => {
  const { call } = await echo()
  expect(await call(Buffer.from([255, 255]))).toMatchObject({ code: status.INVALID_ARGUMENT })
  expect(await call(Buffer.from([10, 2, 0xc3, 0x28]))).toMatchObject({ code: status.INVALID_ARGUMENT })
  expect(await call(Buffer.alloc((1 << 20) + 1))).toMatchObject({ code: status.RESOURCE_EXHAUSTED })
  expect(await call(hello, '/test.echo.Echo/Sing')).toMatchObject({ code: status.UNIMPLEMENTED })
  expect(await call()).toMatchObject({ code: status.OK })
})

it('tells nobody what it did not foresee, and logs it', async () => {
  const { call, seen } = await echo({ say: () => Promise.reject(new Error('the secret reason')) })
  const { code, details } = await call()
  expect(code).toBe(status.INTERNAL)
  expect(details).not.toContain('secret')
  expect(lines).toContainEqual(
    expect.objectContaining({ err: expect.objectContaining({ message: 'the secret reason' }) }),
  )
  expect(seen).toEqual([{ route: { path }, status: 500 }])
})

it('bounds headers and streams, and ends a request that does not come to its end', async () => {
  const { port, seen } = await echo({ requestMs: 100 })
  const session: ClientHttp2Session = connectHttp2(`http://127.0.0.1:${port}`)
  const [settings] = await once(session, 'remoteSettings')
  expect(settings.maxConcurrentStreams).toBe(100)
  const headers = { ':path': path, ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' }
  const large = session.request({ ...headers, 'x-large': 'x'.repeat(70_000) })
  await expect(once(large, 'response')).rejects.toThrow(/REFUSED_STREAM/)
  const slow = session.request(headers)
  const [answered] = await once(slow, 'response')
  expect(answered['grpc-status']).toBe(String(status.DEADLINE_EXCEEDED))
  session.destroy()
  expect(seen).toEqual([{ route: { path }, status: 408 }])
})

it('finishes what it has begun before it closes', async () => {
  let finish = () => {}
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const say = async (text: string) => {
    arrived()
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return text
  }
  const { http, port, call } = await echo({ say })
  const idle = connectHttp2(`http://127.0.0.1:${port}`)
  const silent = said(port, [])
  await once(idle, 'remoteSettings')
  const answer = call()
  await arrival
  const closed = http.close()
  await Promise.all([once(idle, 'close'), silent.ended])
  finish()
  expect(await answer).toMatchObject({ code: status.OK, answer: hello.toString() })
  await closed
})
