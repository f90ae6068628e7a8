import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@latchkey/client'
import { createProjectToken, defaultProject, loadOriginals, type Serving, serve } from '@latchkey/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/stage/port.ts'
import { command } from './command.ts'

const model = `class User implements Namespace {}
class Group implements Namespace { related: { members: (User | Group)[] } }
class Document implements Namespace {
  related: { viewers: (User | SubjectSet<Group, "members">)[] }
  permits = { view: (ctx: Context): boolean => this.related.viewers.includes(ctx.subject) }
}
`

let folder: string
/** Keto's listeners, which ask for no token. */
let open: Serving
/** One origin, which does. */
let closed: Serving
let token: string
let read: string
let origin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'permission-'))
  const write = (name: string, text: string) => writeFile(join(folder, name), text)
  await write('model.keto.ts', model)
  await write('wrong.keto.ts', `${model}class Folder implements {}\n`)
  const ports = ['read', 'write', 'metrics', 'opl'].map((name) => `${name}: { host: 127.0.0.1, port: 0 }`)
  await write(
    'keto.yml',
    `log: { level: panic }\nnamespaces: { location: "file://./model.keto.ts" }\nserve: { ${ports.join(', ')} }\n`,
  )
  open = await serve({ loaded: await loadOriginals({ keto: join(folder, 'keto.yml') }, {}), dsn: 'memory' })
  const env = {
    NAMESPACES_LOCATION: `file://${join(folder, 'model.keto.ts')}`,
    LOG_LEVEL: 'panic',
  }
  closed = await serve({ loaded: await defaultProject({ port: await freePort(), mode: 'dev' }, env), dsn: 'memory' })
  token = await createProjectToken(closed.app.ctx, 'test')
  const [first = '', second = ''] = open.addresses
  read = first
  origin = closed.addresses[0] ?? ''
  await fill(createClient({ baseUrl: second }))
  await fill(createClient({ baseUrl: origin, token }))
})
afterAll(async () => {
  await Promise.all([open?.close(), closed?.close()])
  await rm(folder, { recursive: true })
})

const set = (namespace: string, object: string, relation: string) => ({ namespace, object, relation })

async function fill(latchkey: Client) {
  const tuples = [
    { ...set('Document', 'plan', 'viewers'), subject_set: set('Group', 'crew', 'members') },
    { ...set('Document', 'plan', 'viewers'), subject_id: 'dan' },
    { ...set('Group', 'crew', 'members'), subject_id: 'ada' },
    { ...set('Group', 'crew', 'members'), subject_id: 'bob' },
    { ...set('Group', 'crew', 'members'), subject_set: set('Group', 'empty', 'members') },
  ]
  await latchkey.patchRelationships({
    body: tuples.map((tuple) => ({ action: 'insert' as const, relation_tuple: tuple })),
  })
}

const latchkey = (args: string[], env: Record<string, string> = {}) =>
  command(['permission', ...args], { cwd: folder, env })

describe('permission check', () => {
  it.each([
    ['Document:plan#view@ada', 'allowed', 0],
    ['Document:plan#view@eve', 'denied', 1],
    ['Document:plan#view@Group:crew#members', 'allowed', 0],
    ['Document:plan#view@(Group:crew#members)', 'allowed', 0],
  ])('%s is %s', async (question, told, status) => {
    expect(await latchkey(['check', question, '--endpoint', read])).toEqual({ status, out: told, err: '' })
  })

  it('follows no further than it is told', async () => {
    const args = ['check', 'Document:plan#view@ada', '--endpoint', read]
    expect((await latchkey([...args, '--max-depth', '1'])).out).toBe('denied')
  })

  it('answers programs in JSON', async () => {
    const args = ['check', 'Document:plan#view@eve', '--read-remote', read.replace('http://', ''), '--format', 'json']
    expect(await latchkey(args)).toEqual({ status: 1, out: '{"allowed":false}', err: '' })
  })

  it('gives a token where one is asked for', async () => {
    const args = ['check', 'Document:plan#view@ada', '--endpoint', origin]
    expect((await latchkey([...args, '--token', token])).out).toBe('allowed')
    expect((await latchkey(args, { LATCHKEY_TOKEN: token })).out).toBe('allowed')
    const refused = await latchkey(args)
    expect([refused.status, refused.out]).toEqual([2, ''])
    expect(refused.err).toMatch(/requires an admin token.*LATCHKEY_TOKEN/)
  })

  it.each([
    ['what is no relationship', ['check', 'ada'], /Expected NAMESPACE:OBJECT#RELATION@SUBJECT/],
    ['a relation that is not declared', ['check', 'Document:plan#dance@ada'], /status 400.*dance/],
    ['no address', ['check', 'Document:plan#view@ada', '--endpoint', 'http://'], /Expected a URL/],
    ['no depth', ['check', 'Document:plan#view@ada', '--max-depth', 'deep'], /positive integer/],
    ['nobody who answers', ['check', 'Document:plan#view@ada', '--read-remote', '127.0.0.1:1'], /cannot be reached/],
  ])('tells %s with code 2', async (_, args, message) => {
    const given = args.some((arg) => /^--(endpoint|read-remote)$/.test(arg)) ? [] : ['--endpoint', read]
    const { status, out, err } = await latchkey([...args, ...given])
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })
})

describe('permission expand', () => {
  it('draws a tree', async () => {
    const { status, out } = await latchkey(['expand', 'Document:plan#viewers', '--endpoint', read])
    expect(status).toBe(0)
    expect(out).toBe(`Document:plan#viewers
├── dan
└── Group:crew#members
    ├── ada
    ├── bob
    └── Group:empty#members …`)
  })

  it('answers programs in JSON', async () => {
    const { out } = await latchkey(['expand', 'Group:crew#members', '--endpoint', read, '--format', 'json'])
    expect(JSON.parse(out)).toMatchObject({ type: 'union', children: [{ tuple: { subject_id: 'ada' } }, {}, {}] })
  })

  it('says where nobody is', async () => {
    const args = ['expand', 'Group:empty#members', '--endpoint', read]
    expect(await latchkey(args)).toEqual({ status: 0, out: 'Group:empty#members (nobody)', err: '' })
    expect((await latchkey([...args, '--format', 'json'])).out).toBe('null')
  })

  it('tells a namespace that is not there with code 2', async () => {
    const { status, err } = await latchkey(['expand', 'Nowhere:x#members', '--endpoint', read])
    expect(status).toBe(2)
    expect(err).toMatch(/status 404.*Nowhere/)
  })
})

describe('permission list', () => {
  it('draws a table', async () => {
    const { status, out, err } = await latchkey(['list', '--namespace', 'Document', '--endpoint', read])
    expect([status, err]).toEqual([0, ''])
    expect(out).toBe(`NAMESPACE  OBJECT  RELATION  SUBJECT
Document   plan    viewers   dan
Document   plan    viewers   Group:crew#members`)
  })

  it('takes filters', async () => {
    const args = ['list', '--endpoint', read, '--format', 'json', '--object', 'crew', '--relation', 'members']
    const one = await latchkey([...args, '--subject', 'ada'])
    expect(JSON.parse(one.out)).toEqual([{ ...set('Group', 'crew', 'members'), subject_id: 'ada' }])
    const other = await latchkey([...args, '--subject', 'Group:empty#members'])
    expect(JSON.parse(other.out)).toHaveLength(1)
  })

  it('ends at a limit and says that there is more', async () => {
    const { out, err } = await latchkey(['list', '--limit', '2', '--endpoint', read, '--format', 'json'])
    expect(JSON.parse(out)).toHaveLength(2)
    expect(err).toBe('There are more than 2 results; increase --limit to see them.')
    const all = await latchkey(['list', '--limit', '5', '--endpoint', read, '--format', 'json'])
    expect([JSON.parse(all.out).length, all.err]).toEqual([5, ''])
  })

  it('says where there is nothing', async () => {
    expect((await latchkey(['list', '--object', 'none', '--endpoint', read])).out).toMatch(/No matching relationships/)
  })
})

describe('permission objects', () => {
  it('lists what a subject has a relation to, one name a line', async () => {
    const args = ['objects', 'Document#view@ada', '--endpoint', read]
    expect(await latchkey(args)).toEqual({ status: 0, out: 'plan', err: '' })
    expect((await latchkey(['objects', 'Document#view@Group:empty#members', '--endpoint', read])).out).toBe('plan')
    expect((await latchkey([...args, '--max-depth', '1'])).out).toBe('No matching objects.')
  })

  it('answers programs in JSON', async () => {
    const args = ['objects', 'Document#view@eve', '--endpoint', read, '--format', 'json']
    expect(await latchkey(args)).toEqual({ status: 0, out: '[]', err: '' })
  })

  it.each([
    ['what is no question', ['objects', 'Document:plan#view@ada'], /Expected NAMESPACE#RELATION@SUBJECT/],
    ['a relation that is not declared', ['objects', 'Document#dance@ada'], /status 400.*dance/],
    ['a namespace that is not there', ['subjects', 'Nowhere:x#view'], /status 404.*Nowhere/],
    ['what is no kind', ['subjects', 'Document:plan#view', '--sets', 'Group:crew'], /Expected NAMESPACE#RELATION/],
  ])('tells %s with code 2', async (_, args, message) => {
    const { status, out, err } = await latchkey([...args, '--endpoint', read])
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })
})

describe('permission subjects', () => {
  const args = (...more: string[]) => ['subjects', 'Document:plan#view', '--endpoint', read, ...more]

  it('lists who has a relation to an object, ids or sets', async () => {
    expect(await latchkey(args())).toEqual({ status: 0, out: 'ada\nbob\ndan', err: '' })
    const sets = await latchkey(args('--sets', 'Group#members'))
    expect(sets.out).toBe('Group:crew#members\nGroup:empty#members')
    expect((await latchkey(args('--sets', 'User'))).out).toBe('No matching subjects.')
  })

  it('asks for a token where the server does', async () => {
    const asked = ['subjects', 'Document:plan#view', '--endpoint', origin]
    expect((await latchkey(asked)).status).toBe(2)
    expect((await latchkey([...asked, '--token', token])).out).toBe('ada\nbob\ndan')
  })

  it('ends at a limit and says that there is more', async () => {
    const { out, err } = await latchkey(args('--limit', '2', '--format', 'json'))
    expect(JSON.parse(out)).toEqual([{ subject_id: 'ada' }, { subject_id: 'bob' }])
    expect(err).toBe('There are more than 2 results; increase --limit to see them.')
    expect((await latchkey(args('--limit', '3'))).err).toBe('')
  })
})

describe('permission parse', () => {
  it('accepts a right file', async () => {
    expect(await latchkey(['parse', 'model.keto.ts'])).toEqual({
      status: 0,
      out: 'valid model.keto.ts (3 namespaces)',
      err: '',
    })
  })

  it('names file, line and column of what is wrong', async () => {
    const { status, out, err } = await latchkey(['parse', 'model.keto.ts', 'wrong.keto.ts'])
    expect([status, out]).toEqual([1, 'valid model.keto.ts (3 namespaces)'])
    expect(err).toMatch(/^wrong\.keto\.ts:7:\d+ {2}"Namespace" belongs here/)
  })

  it('answers programs in JSON', async () => {
    const { status, out } = await latchkey(['parse', 'wrong.keto.ts', '--format', 'json'])
    expect(status).toBe(1)
    expect(JSON.parse(out)).toEqual([
      { file: 'wrong.keto.ts', line: 7, column: expect.any(Number), message: expect.any(String) },
    ])
  })

  it('tells a file that is not there with code 2', async () => {
    expect(await latchkey(['parse', 'none.keto.ts'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('none.keto.ts cannot be read: no such file'),
    })
  })
})
