import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Relationship } from '@latchkey/client'
import { loadOriginals, type Serving, serve } from '@latchkey/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseTuple } from '../src/permission/notation.ts'
import { plainStyle, type Style } from '../src/terminal.ts'
import { command } from './command.ts'

const model = `class User implements Namespace {}
class Group implements Namespace { related: { members: (User | SubjectSet<Group, "members">)[] } }
class Folder implements Namespace {
  related: { parents: Folder[]; viewers: (User | SubjectSet<Group, "members">)[]; owners: User[]; banned: User[] }
  permits = {
    view: (ctx) => this.related.viewers.includes(ctx.subject) || this.related.parents.traverse((p) => p.permits.view(ctx)),
    edit: (ctx) => this.permits.view(ctx) && this.related.owners.includes(ctx.subject),
    read: (ctx) => this.permits.view(ctx) && !this.related.banned.includes(ctx.subject),
    join: (ctx) => !this.related.banned.includes(ctx.subject),
  }
}
`

const tuples: Relationship[] = [
  ...[
    'Folder:plans#parents@Folder:root',
    'Folder:root#viewers@Group:crew#members',
    'Group:crew#members@Group:night#members',
    'Group:night#members@ada',
    'Folder:plans#banned@ada',
    'Group:one#members@Group:two#members',
    'Group:two#members@Group:one#members',
    'Group:lost#members@Folder:plans#nothing',
  ].map(parseTuple),
  ...(
    [
      ['Folder:safe#owners@eve', { expression: 'ip.in_cidr(office) && hour > 8.0', context: { office: '10.0.0.0/8' } }],
      ['Folder:safe#banned@eve', { expression: 'level + 1 > 2' }],
    ] as const
  ).map(([text, condition]) => ({ ...parseTuple(text), condition })),
]

let folder: string
let server: Serving
let read: string
let write: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explain-'))
  await writeFile(join(folder, 'model.keto.ts'), model)
  const ports = ['read', 'write', 'metrics', 'opl'].map((name) => `${name}: { host: 127.0.0.1, port: 0 }`)
  const file = join(folder, 'keto.yml')
  await writeFile(
    file,
    `log: { level: panic }\nnamespaces: { location: "file://./model.keto.ts" }\nserve: { ${ports.join(', ')} }\nlimit: { max_read_depth: 20 }\n`,
  )
  server = await serve({ loaded: await loadOriginals({ keto: file }, {}), dsn: 'memory' })
  const [first = '', second = ''] = server.addresses
  read = first
  write = second
  await createClient({ baseUrl: write }).patchRelationships({
    body: tuples.map((tuple) => ({ action: 'insert', relation_tuple: tuple })),
  })
})
afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true })
})

const latchkey = (args: string[], style: Style = plainStyle) =>
  command(['permission', ...args, '--endpoint', read], { cwd: folder, style })
const explain = (question: string, ...options: string[]) => latchkey(['explain', question, ...options])

describe('permission explain', () => {
  it('shows the way that allows', async () => {
    expect(await explain('Folder:plans#view@ada')).toEqual({
      status: 0,
      err: '',
      out: `Folder:plans#view@ada is allowed
✓ Folder:plans#view
└── ✓ Folder:plans#parents@Folder:root
    └── ✓ Folder:root#view
        └── ✓ Folder:root#viewers@Group:crew#members
            └── ✓ Group:crew#members@Group:night#members
                └── ✓ Group:night#members@ada`,
    })
  })

  it('shows everything that is missing', async () => {
    expect(await explain('Folder:root#edit@ben')).toEqual({
      status: 1,
      err: '',
      out: `Folder:root#edit@ben is denied
✗ Folder:root#edit, all of:
├── ✗ Folder:root#view, one of:
│   ├── ✗ Folder:root#viewers
│   │   ├── ✗ Folder:root#viewers@ben (no such relationship)
│   │   └── ✗ Folder:root#viewers@Group:crew#members
│   │       ├── ✗ Group:crew#members@ben (no such relationship)
│   │       └── ✗ Group:crew#members@Group:night#members
│   │           └── ✗ Group:night#members@ben (no such relationship)
│   └── ✗ through Folder:root#parents (no such relationships)
└── ✗ Folder:root#owners@ben (no such relationship)`,
    })
  })

  it('shows what excludes', async () => {
    const { status, out } = await explain('Folder:plans#read@ada')
    expect(status).toBe(1)
    expect(out.split('\n').slice(-2)).toEqual(['└── ✗ not:', '    └── ✓ Folder:plans#banned@ada'])
    expect((await explain('Folder:plans#join@ben')).out).toBe(`Folder:plans#join@ben is allowed
✓ Folder:plans#join, not:
└── ✗ Folder:plans#banned@ben (no such relationship)`)
  })

  it('shows what conditions say of what they are told', async () => {
    const said = async (question: string, context: object) => {
      const { out } = await explain(question, '--context', JSON.stringify(context))
      return out.split('\n')
    }
    const condition = 'ip.in_cidr(office) && hour > 8.0 with {"office":"10.0.0.0/8"}'
    const owners = 'Folder:safe#owners@eve'
    expect(await said(owners, { ip: '10.1.2.3', hour: 9 })).toEqual([
      `${owners} is allowed`,
      `✓ ${owners} (its condition is met: ${condition})`,
    ])
    expect(await said(owners, { ip: '10.1.2.3', hour: 8 })).toEqual([
      `${owners} is denied`,
      `✗ ${owners} (its condition is not met: ${condition})`,
    ])
    const unknown = 'is denied, because the search was incomplete'
    expect(await said(owners, { ip: '10.1.2.3' })).toEqual([
      `${owners} ${unknown}`,
      `? ${owners} (its condition lacks hour: ${condition})`,
    ])
    expect(await said('Folder:safe#banned@eve', { level: 'high' })).toEqual([
      `Folder:safe#banned@eve ${unknown}`,
      expect.stringMatching(/^\? Folder:safe#banned@eve \(its condition fails with \S.*: level \+ 1 > 2\)$/),
    ])
  })

  it('shows where it comes back to, where it ends, and what the model does not declare', async () => {
    expect((await explain('Group:one#members@ada')).out).toContain('        └── ✗ Group:one#members (see above)')
    const { status, out } = await explain('Folder:root#viewers@ada', '--max-depth', '2')
    expect([status, out]).toEqual([
      1,
      `Folder:root#viewers@ada is denied, because the search was incomplete
? Folder:root#viewers
├── ✗ Folder:root#viewers@ada (no such relationship)
└── ? Folder:root#viewers@Group:crew#members
    ├── ✗ Group:crew#members@ada (no such relationship)
    └── ? not searched further (a depth, width or size limit was reached)`,
    ])
    expect((await explain('Group:lost#members@ada')).out).toContain('? the model declares no such relation')
  })

  it('marks each line by its color too', async () => {
    const { out } = await latchkey(['explain', 'Folder:root#owners@ben'], (look, text) => `<${look}>${text}</>`)
    expect(out).toBe(
      '<bold>Folder:root#owners@ben</> is <red>denied</>\n<red>✗</> Folder:root#owners@ben<dim> (no such relationship)</>',
    )
  })

  it('answers programs in JSON', async () => {
    const { status, out } = await explain('Group:night#members@ada', '--format', 'json')
    const relation = { namespace: 'Group', object: 'night', relation: 'members' }
    expect([status, JSON.parse(out)]).toEqual([
      0,
      {
        allowed: true,
        explanation: {
          kind: 'relation',
          outcome: 'allowed',
          relation,
          children: [{ kind: 'relationship', outcome: 'allowed', relationship: { ...relation, subject_id: 'ada' } }],
        },
      },
    ])
  })

  it('does not steer the terminal by what relationships hold', async () => {
    await createClient({ baseUrl: write }).createRelationship({
      body: { ...parseTuple('Group:red#members@ada'), condition: { expression: 'a ==\n"\u001b[31m\u202e"' } },
    })
    const { out } = await explain('Group:red#members@ada', '--context', '{"a":1}')
    expect(out).toContain('not met: a == "\\u{1b}[31m\\u{202e}")')
  })

  it.each([
    ['what is no relationship', ['ada'], /Expected NAMESPACE:OBJECT#RELATION@SUBJECT/],
    ['a relation that is not declared', ['Folder:plans#dance@ada'], /status 400.*dance/],
    ['a namespace that is not there', ['Nowhere:x#members@ada'], /status 404.*Nowhere/],
    ['a context that is no object', ['Folder:plans#view@ada', '--context', '[1]'], /Expected a JSON object/],
    ['a context that is no JSON', ['Folder:plans#view@ada', '--context', '{'], /Expected a JSON object/],
    ['a token that is none', ['Folder:plans#view@ada', '--snaptoken', 'x'], /status 400.*snapshot token/],
    ['no such consistency', ['Folder:plans#view@ada', '--consistency', 'some'], /Allowed choices are full/],
  ])('tells %s with code 2', async (_, args, message) => {
    const { status, out, err } = await latchkey(['explain', ...args])
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })
})

describe('other questions', () => {
  const context = ['--context', '{"ip":"10.1.2.3","hour":9}']

  it('tell conditions the context as well', async () => {
    expect((await latchkey(['check', 'Folder:safe#owners@eve'])).status).toBe(1)
    expect((await latchkey(['check', 'Folder:safe#owners@eve', ...context])).out).toBe('allowed')
    expect((await latchkey(['objects', 'Folder#owners@eve', ...context])).out).toBe('safe')
    expect((await latchkey(['subjects', 'Folder:safe#owners', ...context])).out).toBe('eve')
  })

  it('ask for a state that is given', async () => {
    const response = await fetch(
      `${read}/relation-tuples/check/openapi?namespace=Folder&object=x&relation=owners&subject_id=y`,
    )
    const token = response.headers.get('latchkey-snaptoken') ?? ''
    const [state, ...later] = ['--snaptoken', token]
    expect(token).not.toBe('')
    for (const question of [
      ['check', 'Group:night#members@ada'],
      ['explain', 'Group:night#members@ada'],
      ['objects', 'Group#members@ada'],
      ['subjects', 'Group:night#members'],
    ]) {
      expect((await latchkey([...question, state, ...later, '--consistency', 'at_least'])).status).toBe(0)
      expect((await latchkey([...question, '--consistency', 'minimize_latency'])).status).toBe(0)
      expect((await latchkey([...question, state, `${token}x`])).err).toMatch(/status 400.*snapshot token/)
    }
  })
})
