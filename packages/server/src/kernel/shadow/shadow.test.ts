import { expect, it, vi } from 'vitest'
import type { Answer, Fetch } from '../fetch.ts'
import type { Observed } from '../http/index.ts'
import { createLogger } from '../log.ts'
import { createShadow } from './shadow.ts'

const answerOf = (status: number, body: unknown): Answer => ({
  status,
  headers: new Headers() as Answer['headers'],
  text: JSON.stringify(body),
})

function seen(path: string, { status = 200, body = {}, method = 'GET', headers = {} }: Partial<Seen> = {}): Observed {
  const target = path
  const header = (name: string) => headers[name]
  const call = { id: 'request', target, path: path.replace(/\?.*/, ''), ip: '192.0.2.1', header }
  const reply = { status, text: JSON.stringify(body) }
  return { route: { path: '/route' }, call, ctx: undefined, method, status, durationMs: 1, reply }
}
interface Seen {
  status: number
  body: unknown
  method: string
  headers: Record<string, string>
}

/** A shadow of a server that gives one answer. */
function open(theirs: () => Promise<Answer>) {
  const asked: Parameters<Fetch>[] = []
  const fetch: Fetch = (...args) => {
    asked.push(args)
    return theirs()
  }
  const lines: string[] = []
  const log = createLogger({ level: 'warn' })
  vi.spyOn(log, 'warn').mockImplementation((...args: unknown[]) => void lines.push(JSON.stringify(args)))
  const shadow = createShadow({ public: 'https://kratos.example/' }, { fetch, log })
  const observe = shadow.observe('public')
  if (!observe) throw new Error('nothing observes')
  const settled = async (count: number) =>
    vi.waitFor(() => expect(Object.values(shadow.counts()).reduce((a, b) => a + b)).toBe(count))
  return { shadow, observe, asked, lines, settled }
}

it('sends reads with their credentials, and counts equal responses', async () => {
  const { shadow, observe, asked, lines, settled } = open(async () => answerOf(200, { id: '7' }))
  const headers = { 'x-session-token': 'secret', cookie: 'a=b', 'x-other': 'not sent' }
  observe(seen('/sessions/whoami?expand=identity', { body: { id: '7' }, headers }))
  await settled(1)
  expect(asked[0]?.[0]).toBe('https://kratos.example/sessions/whoami?expand=identity')
  expect(asked[0]?.[1]).toMatchObject({ method: 'GET', headers: { 'x-session-token': 'secret', cookie: 'a=b' } })
  expect(Object.keys(asked[0]?.[1]?.headers ?? {})).not.toContain('x-other')
  expect([shadow.counts().same, lines]).toEqual([1, []])
})

it('reports another status', async () => {
  const { observe, lines, settled } = open(async () => answerOf(403, { error: {} }))
  observe(seen('/sessions/whoami'))
  await settled(1)
  expect(lines[0]).toContain('"places":["status 403 there, 200 here"]')
})

it('reports each kind of difference once, without values', async () => {
  const { shadow, observe, lines, settled } = open(async () => answerOf(200, { id: 'theirs' }))
  observe(seen('/sessions/whoami', { body: { id: 'ours' } }))
  observe(seen('/sessions/whoami', { body: { id: 'mine' } }))
  await settled(2)
  expect(shadow.counts()).toEqual({ same: 0, different: 2, failed: 0, skipped: 0 })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('"places":[".id"]')
  expect(lines[0]).not.toMatch(/theirs|ours/)
})

it.each([
  ['writes', '/sessions/whoami', 'DELETE'],
  ['HEAD', '/sessions/whoami', 'HEAD'],
  ['flows, whose creation is a write', '/self-service/login/browser', 'GET'],
  ['other paths', '/health/alive', 'GET'],
])('sends no %s', (_, path, method) => {
  const { shadow, observe, asked } = open(async () => answerOf(200, {}))
  observe(seen(path, { method }))
  expect(asked).toEqual([])
  expect(shadow.counts()).toEqual({ same: 0, different: 0, failed: 0, skipped: 0 })
})

it('goes on when the other server fails', async () => {
  const { shadow, observe, settled } = open(() => Promise.reject(new Error('connect ECONNREFUSED')))
  observe(seen('/sessions/whoami'))
  await settled(1)
  expect(shadow.counts().failed).toBe(1)
})

it('skips what is too much, instead of keeping it', async () => {
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const { shadow, observe, asked, settled } = open(async () => {
    await held
    return answerOf(200, {})
  })
  for (let n = 0; n < 300; n++) observe(seen('/sessions/whoami'))
  expect(asked.length).toBe(4)
  expect(shadow.counts().skipped).toBe(196)
  release()
  await settled(300)
  expect(shadow.counts().same).toBe(104)
})
