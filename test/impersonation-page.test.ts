import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOriginals } from '@latchkey/server'
import { expect, it } from 'vitest'
import { openApp } from '../packages/server/test/running.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/impersonation.md'), 'utf8')
const block = (language: string) => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? ''
const schema = join(root, 'packages/server/src/configuration/person.schema.json')

const base = `dsn: memory
dev: true
selfservice: { default_browser_return_url: http://127.0.0.1:4455/ }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://${schema}" }] }
courier: { delivery_strategy: mailbox }
`

it('docs/impersonation.md: its configuration and command create a session that says who acts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-impersonation-page-'))
  await writeFile(join(folder, 'base.yml'), base)
  await writeFile(join(folder, 'impersonation.yml'), block('yaml'))
  const kratos = [join(folder, 'base.yml'), join(folder, 'impersonation.yml')] as const
  const { call, close } = await openApp({ loaded: await loadOriginals({ kratos: [...kratos] }, {}, {}) })
  const traits = { email: 'ada@harbour.example' }
  const create = { json: { schema_id: 'person', traits }, listener: 'admin' as const }
  const { id } = (await call('POST', '/admin/identities', create)).body
  const json = JSON.parse(/impersonate".* -d '(\{.*\})'$/m.exec(page)?.[1] ?? '')
  const { status, body } = await call('POST', `/admin/identities/${id}/impersonate`, { json, listener: 'admin' })
  expect([status, body.session_token]).toEqual([201, expect.any(String)])
  const whoami = await call('GET', '/sessions/whoami', { headers: { 'x-session-token': body.session_token } })
  expect(whoami.body.act).toEqual(JSON.parse(block('json')).act)
  await close()
  await rm(folder, { recursive: true })
})
