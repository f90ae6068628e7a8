import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../bin/latchkey.mjs', import.meta.url))

let folder: string
let running: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-'))
})
afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  running = []
  await rm(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

interface Started {
  child: ChildProcess
  base: string
  port: number
  output(): string
  /** Resolves when the output matches, rejects when the process ends before. */
  said(pattern: RegExp, times?: number): Promise<void>
  stop(): Promise<number | null>
}

async function start(args: string[], port: number, ready = /Admin token/): Promise<Started> {
  const child = spawn(process.execPath, [program, 'serve', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let text = ''
  let wake = () => {}
  const hear = (chunk: Buffer) => {
    text += chunk
    wake()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.on('exit', () => wake())
  const said = async (pattern: RegExp, times = 1) => {
    while ((text.match(new RegExp(pattern, 'g')) ?? []).length < times) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${text}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  await said(ready)
  const stop = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    return child.exitCode
  }
  return { child, port, base: `http://127.0.0.1:${port}`, output: () => text, said, stop }
}

const dev = async (extra: string[] = []) => {
  const port = await freePort()
  return start(['--dev', '--port', String(port), ...extra], port)
}

it('prints a token that works at its first start, and afterwards how to get one', { timeout: 60_000 }, async () => {
  const first = await dev()
  const token = /ory_pat_\w+/.exec(first.output())?.[0] ?? ''
  expect(first.output()).toContain(`http://localhost:${first.port}/ui/registration`)
  expect(first.output()).toContain(`http://localhost:${first.port}/dev/mailbox`)
  const list = (base: string, authorization: string) =>
    fetch(`${base}/admin/identities`, { headers: { authorization } })
  expect((await list(first.base, `Bearer ${token}`)).status).toBe(200)
  expect((await list(first.base, 'Bearer ory_pat_wrong')).status).toBe(401)
  expect(await first.stop()).toBe(0)

  const second = await dev()
  expect(second.output()).not.toMatch(/ory_pat_/)
  expect(second.output()).toContain('token create')
  expect((await list(second.base, `Bearer ${token}`)).status).toBe(200)
  expect(await second.stop()).toBe(0)
})

it('finishes a request that it has taken before SIGTERM', { timeout: 60_000 }, async () => {
  const server = await dev(['--dsn', 'memory'])
  const body = JSON.stringify({ schema_id: 'person', traits: {} })
  const socket = connect(server.port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  await once(socket, 'connect')
  const token = /ory_pat_\w+/.exec(server.output())?.[0]
  const head = ['POST /admin/identities HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${token}`]
  head.push('Content-Type: application/json', `Content-Length: ${body.length}`, 'Expect: 100-continue', '', '')
  socket.write(head.join('\r\n'))
  await once(socket, 'data')
  expect(answer).toContain('100 Continue')
  const idle = await idleConnection(server.port)
  const ended = once(server.child, 'exit')
  const [stopping, closed] = [once(idle, 'close'), once(socket, 'close')]
  server.child.kill('SIGTERM')
  await stopping
  socket.write(body)
  await closed
  expect(answer).toMatch(/HTTP\/1\.1 4\d\d/)
  await ended
  expect(server.child.exitCode).toBe(0)
})

/** A connection whose request was answered; a server that stops closes it. */
async function idleConnection(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /health/alive HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(socket, 'data')
  return socket
}

it('starts a worker again that has died', { timeout: 120_000 }, async () => {
  const server = await dev(['--workers', '2'])
  expect((server.output().match(/is ready/g) ?? []).length).toBe(1)
  expect((await fetch(`${server.base}/health/ready`)).status).toBe(200)
  const [pid] = await children(server.child.pid ?? 0)
  process.kill(pid ?? 0, 'SIGKILL')
  await server.said(/is restarted/)
  expect((await fetch(`${server.base}/health/ready`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
})

it('answers HTTP and gRPC on one port from two workers, and ends with connections open', {
  timeout: 120_000,
}, async () => {
  const server = await dev(['--workers', '2'])
  const sessions = Array.from({ length: 8 }, () => connectHttp2(server.base))
  const overHttp = async () => {
    const answer = await fetch(`${server.base}/health/ready`, { headers: { connection: 'close' } })
    return answer.status
  }
  const asked = sessions.flatMap((session) => [overGrpc(session), overHttp(), overGrpc(session)])
  expect(await Promise.all(asked)).toEqual(sessions.flatMap(() => ['0', 200, '0']))
  const closed = sessions.map((session) => once(session, 'close'))
  expect(await server.stop()).toBe(0)
  await Promise.all(closed)
})

/** Asks for the health of all services; gives the status of the call. */
async function overGrpc(session: ClientHttp2Session): Promise<unknown> {
  const headers = { 'content-type': 'application/grpc', te: 'trailers' }
  const call = session.request({ ':method': 'POST', ':path': '/grpc.health.v1.Health/List', ...headers })
  // An empty message: not packed, of no length (gRPC over HTTP/2).
  call.end(Buffer.alloc(5)).resume()
  const [trailers] = await once(call, 'trailers')
  return trailers['grpc-status']
}

const twoWorkers = [
  ['SQLite', 'sqlite://shared.sqlite'],
  ...(process.env.LATCHKEY_TEST_POSTGRES ? [['PostgreSQL', process.env.LATCHKEY_TEST_POSTGRES]] : []),
]

it.each(twoWorkers)(
  'writes from two workers at once on %s, and nothing fails',
  { timeout: 120_000 },
  async (_, dsn = '') => {
    const server = await dev(['--workers', '2', '--dsn', dsn])
    const token = /ory_pat_\w+/.exec(server.output())?.[0]
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' }
    const create = async (name: string) => {
      const body = JSON.stringify({ schema_id: 'person', traits: { email: `${name}@harbour.example` } })
      return (await fetch(`${server.base}/admin/identities`, { method: 'POST', headers, body })).status
    }
    const statuses: number[] = []
    const one = async (line: number) => {
      for (let i = 0; i < 25; i++) statuses.push(await create(`${line}-${i}`))
    }
    await Promise.all(Array.from({ length: 16 }, (_none, line) => one(line)))
    expect(statuses.filter((status) => status !== 201)).toEqual([])
    const listed = await fetch(`${server.base}/admin/identities?page_size=500`, { headers })
    expect((await listed.json()) as unknown[]).toHaveLength(400)
    expect(await server.stop()).toBe(0)
  },
)

/** Processes that a process has started. */
async function children(parent: number): Promise<number[]> {
  const ps = spawn('ps', ['-A', '-o', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  ps.stdout.on('data', (chunk) => {
    text += chunk
  })
  await once(ps, 'close')
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return rows.flatMap(([pid, ppid]) => (ppid === parent && pid ? [pid] : []))
}

it('takes a changed file in every worker', { timeout: 60_000 }, async () => {
  const [port, adminPort] = [await freePort(), await freePort()]
  await writeFile(join(folder, 'person.json'), '{"type":"object","properties":{"traits":{"type":"object"}}}')
  const file = (recovery: boolean) =>
    writeFile(
      join(folder, 'kratos.yml'),
      `dsn: sqlite://data.sqlite
serve: { public: { host: 127.0.0.1, port: ${port} }, admin: { host: 127.0.0.1, port: ${adminPort} } }
selfservice:
  default_browser_return_url: https://app.example.org/
  flows: { recovery: { enabled: ${recovery} } }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://./person.json" }] }
`,
    )
  await file(false)
  const server = await start(['--kratos', 'kratos.yml', '--workers', '2'], port, /listens on/)
  const status = async () => {
    // A connection of its own for each request, so that both workers are asked.
    const answer = await fetch(`${server.base}/self-service/recovery/api`, { headers: { connection: 'close' } })
    await answer.body?.cancel()
    return answer.status
  }
  const statuses = async () => [...new Set(await Promise.all(Array.from({ length: 12 }, status)))]
  expect(await statuses()).toEqual([400])
  await file(true)
  await expect.poll(statuses, { timeout: 30_000 }).toEqual([200])
  expect(await server.stop()).toBe(0)
})

it('keeps running when its file is spoilt, and takes the next good one', { timeout: 60_000 }, async () => {
  const port = await freePort()
  const admin = await freePort()
  const kratos = (id: string) => `dsn: memory
log: { level: error }
serve: { public: { host: 127.0.0.1, port: ${port} }, admin: { host: 127.0.0.1, port: ${admin} } }
selfservice: { default_browser_return_url: https://app.example.org/ }
identity: { default_schema_id: ${id}, schemas: [{ id: ${id}, url: "file://./person.json" }] }
`
  const file = join(folder, 'kratos.yml')
  await writeFile(
    join(folder, 'person.json'),
    JSON.stringify({ type: 'object', properties: { traits: { type: 'object' } } }),
  )
  await writeFile(file, kratos('one'))
  const server = await start(['--kratos', file], port, /listens on/)
  const schemas = async () =>
    ((await (await fetch(`${server.base}/schemas`)).json()) as { id: string }[]).map(({ id }) => id)
  expect(await schemas()).toEqual(['one'])
  await writeFile(file, `${kratos('one')}session: { lifespan: soon }\n`)
  await server.said(/keeps the current configuration/)
  expect(server.output()).toContain('session.lifespan')
  expect(await schemas()).toEqual(['one'])
  await writeFile(file, kratos('two'))
  while ((await schemas())[0] !== 'two') await new Promise((resolve) => setImmediate(resolve))
  expect(await server.stop()).toBe(0)
})

it('says plainly that a port is taken', { timeout: 60_000 }, async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as { port: number }
  await expect(start(['--dev', '--dsn', 'memory', '--port', String(port)], port)).rejects.toThrow(
    /ended with 1.*is already in use/s,
  )
  holder.close()
})
