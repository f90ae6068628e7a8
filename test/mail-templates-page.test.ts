import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, loadOriginals } from '@latchkey/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readMail } from '../packages/server/src/courier/index.ts'
import { openApp } from '../packages/server/test/running.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/mail-templates.md'), 'utf8')
const block = (language: string) => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? ''
const signUp = JSON.parse(/registration\?flow=.* -d '(\{.*\})'$/m.exec(page)?.[1] ?? '')
const schema = join(root, 'packages/server/src/configuration/person.schema.json')

/** The rest of a configuration. */
const base = `dsn: memory
dev: true
selfservice:
  default_browser_return_url: http://127.0.0.1:4455/
  flows:
    registration: { enable_legacy_one_step: true }
    verification: { enabled: true, use: code }
  methods: { password: { config: { haveibeenpwned_enabled: false } }, code: { enabled: true } }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://${schema}" }] }
courier: { delivery_strategy: mailbox }
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-mail-templates-page-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function loadPage(change: (subject: string) => string = (same) => same) {
  const files = {
    'base.yml': base,
    'templates.yml': block('yaml'),
    'verify.subject.gotmpl': change(block('subject')),
    'verify.html.gotmpl': block('html'),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return loadOriginals({ kratos: [join(folder, 'base.yml'), join(folder, 'templates.yml')] }, {}, {})
}

it('docs/mail-templates.md: a new user gets the message of the page', async () => {
  const { app, call, flow, close } = await openApp({ loaded: await loadPage() })
  expect((await flow('registration', [signUp])).status).toBe(200)
  const { body: messages } = await call('GET', '/admin/courier/messages', { listener: 'admin' })
  const [, expected = ''] = /jq -r '.\[0\].subject'\n {4}# (.*)$/m.exec(page) ?? []
  const code = /\d{6}$/.exec(messages[0].subject)?.[0] ?? ''
  expect(messages[0].subject).toBe(expected.replace(/\d{6}$/, code))
  expect(messages[0].body).toContain(code)
  const mail = await readMail(app.ctx, messages[0].id)
  expect(mail?.html).toContain('Pier &amp; Sons')
  expect(mail?.html).toMatch(/^<p>Enter <b>\d{6}<\/b> within \d+ minutes to shop/)
  await close()
})

it('docs/mail-templates.md: a field that the message does not have is refused with the key, the file and the line', async () => {
  const refusal = await loadPage((subject) => subject.replace('.VerificationCode', '.RecoveryCode')).catch((e) => e)
  expect(refusal).toBeInstanceOf(ConfigError)
  expect(String(refusal.message)).toContain('courier.templates.verification_code.valid.email.subject')
  expect(String(refusal.message)).toContain('email.subject.gotmpl:1')
})

it('docs/mail-templates.md: the messages and fields of the page are all that there are', async () => {
  const source = await readFile(join(root, 'packages/server/src/courier/templates/fields.ts'), 'utf8')
  const names = [...source.matchAll(/name: '(\w+)'/g)].map(([, name]) => `\`.${name}\``)
  const [table = ''] = /\| field \| in \|\n.*?\n\n/s.exec(page) ?? []
  for (const name of names) expect(table).toContain(name)
})
