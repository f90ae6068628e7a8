import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOriginals } from '@latchkey/server'
import { expect, it } from 'vitest'
import { security } from '../packages/server/src/identity/config.ts'
import { config as captcha } from '../packages/server/src/selfservice/methods/captcha/config.ts'
import { codeFor } from '../packages/server/test/people.ts'
import { challengeIn, solve } from '../packages/server/test/proof-of-work.ts'
import { openApp } from '../packages/server/test/running.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/protection.md'), 'utf8')
const schemaFile = join(root, 'packages/server/src/configuration/person.schema.json')

interface Schema {
  properties?: Record<string, Schema>
  default?: unknown
}

/** Every key with its default, as the page writes it. */
function leavesOf({ properties, default: fallback }: Schema, path: string): [string, string][] {
  if (!properties) return [[path, JSON.stringify(fallback)]]
  return Object.entries(properties).flatMap(([key, value]) => leavesOf(value, `${path}.${key}`))
}

it('docs/protection.md has every key of `security` with its default', () => {
  const rows = [...page.matchAll(/^\| `(security\.[a-z_.]+)` \| (?:`(.*?)`)? \|/gm)].map(([, key, value]) => [
    key,
    value,
  ])
  expect(rows.sort()).toEqual(leavesOf(security as unknown as Schema, 'security').sort())
})

/** The service with a configuration of the page. */
async function startFrom(yaml: string) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-protection-page-'))
  const file = join(folder, 'kratos.yml')
  await writeFile(
    file,
    `${yaml}
dsn: memory
dev: true
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://${schemaFile}" }] }
courier: { delivery_strategy: mailbox }
hashers: { bcrypt: { cost: 4 } }
`,
  )
  const app = await openApp({ loaded: await loadOriginals({ kratos: file }, {}) })
  const end = async () => {
    await app.close()
    await rm(folder, { recursive: true })
  }
  return { app, end }
}

const returnUrl = 'default_browser_return_url: http://127.0.0.1:4455/'

it('docs/protection.md: its configuration demands a proof of work from the seventh attempt on', async () => {
  const [, yaml = ''] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? []
  const { app, end } = await startFrom(`${yaml}selfservice: { ${returnUrl} }`)
  const wrong = { method: 'password', identifier: 'ada@harbour.example', password: 'wrong' }
  const { body } = await app.flow('login', Array(6).fill(wrong))
  expect(body.ui.messages).toMatchObject([{ id: 4000006 }])
  const path = `/self-service/login?flow=${body.id}`
  const refused = await app.call('POST', path, { json: wrong })
  expect([refused.status, refused.body.ui.messages[0].id]).toEqual([400, 4000038])
  const solved = await app.call('POST', path, { json: { ...wrong, ...solve(challengeIn(refused.body)) } })
  expect(solved.body.ui.messages).toMatchObject([{ id: 4000006 }])
  await end()
})

it('docs/protection.md has every key of the captcha', () => {
  const table = /^\| key of `selfservice\.methods\.captcha\.config`[\s\S]*?\n\n/m.exec(page)?.[0] ?? ''
  const { config } = (captcha as unknown as { properties: { config: Schema } }).properties
  for (const key of Object.keys(config.properties ?? {})) expect(table).toContain(`\`${key}\``)
})

it('docs/protection.md: its captcha is demanded', async () => {
  const [, yaml = ''] = /^```yaml\n(selfservice:.*?)^```$/ms.exec(page) ?? []
  const { app, end } = await startFrom(yaml.replace('selfservice:\n', `selfservice:\n  ${returnUrl}\n`))
  const { body } = await app.flow('login', [
    { method: 'password', identifier: 'ada@harbour.example', password: 'wrong' },
  ])
  expect(body.ui.messages).toMatchObject([{ id: 4000038 }])
  await end()
})

it('docs/protection.md: its code for a new device is needed beside the password', async () => {
  const [, yaml = ''] = /^```yaml\n(security:\n {2}new_device_code.*?)^```$/ms.exec(page) ?? []
  const [, code = ''] = /^```json\n({ "method": "code", .*? })\n```$/m.exec(page) ?? []
  const { app, end } = await startFrom(`${yaml}selfservice: { ${returnUrl} }`)
  const email = 'ada@harbour.example'
  const json = {
    ...{ schema_id: 'person', traits: { email } },
    credentials: { password: { config: { password: 'a lantern at the pier' } } },
    verifiable_addresses: [{ value: email, via: 'email', verified: true, status: 'completed' }],
  }
  const headers = { authorization: `Bearer ${app.token}` }
  expect((await app.call('POST', '/admin/identities', { json, headers, listener: 'admin' })).status).toBe(201)
  const right = { method: 'password', identifier: email, password: 'a lantern at the pier' }
  const { status, body } = await app.flow('login', [right])
  expect([status, body.ui.messages]).toMatchObject([400, [{ id: 1010014 }]])
  const entered = { ...JSON.parse(code), code: await codeFor(app.app.ctx, email) }
  expect((await app.call('POST', `/self-service/login?flow=${body.id}`, { json: entered })).status).toBe(200)
  await end()
})
