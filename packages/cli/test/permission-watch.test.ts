import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@latchkey/client'
import { loadOriginals, type Serving, serve } from '@latchkey/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from '../src/run.ts'
import { plainStyle } from '../src/terminal.ts'

const model = `class User implements Namespace {}
class Group implements Namespace { related: { members: User[] } }
class Document implements Namespace { related: { viewers: (User | SubjectSet<Group, "members">)[] } }
`

let folder: string
let keto: Serving
let read: string
let latchkey: Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'))
  await writeFile(join(folder, 'model.keto.ts'), model)
  const ports = ['read', 'write', 'metrics', 'opl'].map((name) => `${name}: { host: 127.0.0.1, port: 0 }`)
  await writeFile(
    join(folder, 'keto.yml'),
    `log: { level: panic }\nnamespaces: { location: "file://./model.keto.ts" }\nserve: { ${ports.join(', ')} }\n`,
  )
  keto = await serve({ loaded: await loadOriginals({ keto: join(folder, 'keto.yml') }, {}), dsn: 'memory' })
  const [first = '', second = ''] = keto.addresses
  read = first
  latchkey = createClient({ baseUrl: first, adminUrl: second })
})
afterAll(async () => {
  await keto?.close()
  await rm(folder, { recursive: true })
})

/** Watches until so many lines were printed; then the one who reads them goes. */
async function watch(count: number, ...args: string[]) {
  const lines: string[] = []
  const out = (line: string) => {
    if (lines.push(line) === count) throw new Error('nobody reads')
  }
  const terminal = { env: {}, cwd: folder, out, err: (line: string) => void lines.push(line), style: plainStyle }
  const status = await run(['permission', 'watch', '--endpoint', read, ...args], terminal)
  return { status, lines: lines.slice(0, count) }
}

const set = (namespace: string, object: string, relation: string) => ({ namespace, object, relation })
const condition = { expression: 'now < timestamp("2100-01-01T00:00:00Z")' }
const tuples = [
  { ...set('Document', 'plan', 'viewers'), subject_id: 'ada\u001b[2J' },
  { ...set('Group', 'crew', 'members'), subject_id: 'ben' },
  { ...set('Document', 'plan', 'viewers'), subject_set: set('Group', 'crew', 'members'), condition },
]
/** Inserts three relationships and deletes one. */
async function change() {
  const body = tuples.map((tuple) => ({ action: 'insert' as const, relation_tuple: tuple }))
  await latchkey.patchRelationships({ body })
  await latchkey.deleteRelationships({ query: { namespace: 'Group' } })
}

it('prints what was inserted and deleted, and nothing that steers the terminal', async () => {
  const { snaptoken } = await createClient({ baseUrl: read }).listPermissionChanges()
  const watching = watch(4, '--since', snaptoken)
  await change()
  expect((await watching).lines).toEqual([
    '+ Document:plan#viewers@ada\\u{1b}[2J',
    '+ Group:crew#members@ben',
    '+ Document:plan#viewers@Group:crew#members if now < timestamp("2100-01-01T00:00:00Z")',
    '- Group:crew#members@ben',
  ])
  const ofGroups = await watch(2, '--since', snaptoken, '--namespace', 'Group')
  expect(ofGroups.lines).toEqual(['+ Group:crew#members@ben', '- Group:crew#members@ben'])
})

it('tells programs each event as a line, with the token to go on from', async () => {
  const { snaptoken } = await createClient({ baseUrl: read }).listPermissionChanges({ query: { page_size: 1000 } })
  await change()
  const { lines } = await watch(1, '--since', snaptoken, '--format', 'json')
  const event = JSON.parse(lines[0] ?? '')
  expect(event.changes).toHaveLength(4)
  expect(
    (await createClient({ baseUrl: read }).listPermissionChanges({ query: { snaptoken: event.snaptoken } })).changes,
  ).toEqual([])
})

it('tells what is refused with code 2', async () => {
  const { status, lines } = await watch(1, '--since', 'made-up')
  expect([status, lines[0]]).toEqual([2, expect.stringMatching(/returned status 400.*snapshot token/)])
  const noRelationship = await watch(1, '--namespace', 'Nowhere')
  expect([noRelationship.status, noRelationship.lines[0]]).toEqual([2, expect.stringMatching(/status 404.*Nowhere/)])
})
