import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOriginals, type Serving, serve } from '@latchkey/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/stage/port.ts'
import { command } from './command.ts'

const page = await readFile(new URL('../../../docs/explaining-a-sign-in.md', import.meta.url), 'utf8')
const schema = new URL('../../server/src/configuration/person.schema.json', import.meta.url)
const password = 'a lantern at the pier'

let folder: string
let server: Serving
let open: string
let admin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explain-flow-'))
  const file = join(folder, 'kratos.yml')
  const [port, adminPort] = [await freePort(), await freePort()]
  await writeFile(
    file,
    `log: { level: panic }
dev: true
serve: { public: { host: 127.0.0.1, port: ${port} }, admin: { host: 127.0.0.1, port: ${adminPort} } }
selfservice:
  default_browser_return_url: http://127.0.0.1:4455/
  methods: { password: { config: { haveibeenpwned_enabled: false } } }
identity: { default_schema_id: person, schemas: [{ id: person, url: "${schema}" }] }
courier: { delivery_strategy: mailbox }
`,
  )
  server = await serve({ loaded: await loadOriginals({ kratos: file }, {}), dsn: 'memory' })
  const [first = '', second = ''] = server.addresses
  open = first
  admin = second
})
afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true })
})

/** A sign-in with a typo before it. Gives the ID of the flow. */
async function signIn(): Promise<string> {
  const traits = { email: 'ada@harbour.example' }
  const credentials = { password: { config: { password } } }
  const send = (url: string, json: object, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(json),
    })
  await send(`${admin}/admin/identities`, { schema_id: 'person', traits, credentials })
  const { id } = (await (await fetch(`${open}/self-service/login/api`)).json()) as { id: string }
  for (const given of ['a lantern at the peer', password]) {
    const json = { method: 'password', identifier: traits.email, password: given }
    await send(`${open}/self-service/login?flow=${id}`, json)
  }
  return id
}

describe('explain', () => {
  const explain = (...args: string[]) => command(['explain', ...args, '--endpoint', admin], { cwd: folder })

  it('prints the steps of a sign-in as docs/explaining-a-sign-in.md shows them', async () => {
    const id = await signIn()
    const { status, out, err } = await explain(id)
    expect([status, err]).toEqual([0, ''])
    const [expected] = [...page.matchAll(/^ {4}\$ latchkey explain \S+\n((?: {4}.*\n)+)/gm)].map(([, lines]) => lines)
    expect(comparable(out)).toEqual(comparable((expected ?? '').replace(/^ {4}/gm, '')))
    const json = JSON.parse((await explain(id, '--format', 'json')).out)
    expect([json.flow.id, json.outcome]).toEqual([id, 'completed'])
  })

  it('says when there is no such flow', async () => {
    const { status, err } = await explain('00000000-0000-4000-8000-000000000000')
    expect([status, err]).toEqual([2, expect.stringContaining('returned status 404')])
  })
})

/** Without what differs each time: IDs, times and durations. */
function comparable(text: string): string {
  return text
    .trim()
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\(\d+ ms\)/g, '')
    .replace(/ +$/gm, '')
}
