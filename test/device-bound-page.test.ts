import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOriginals } from '@latchkey/server'
import { expect, it } from 'vitest'
import { proofWith, registrationIn, softwareKey } from '../packages/server/test/bound-browser.ts'
import { openApp } from '../packages/server/test/running.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/device-bound-sessions.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text)
const schema = join(root, 'packages/server/src/configuration/person.schema.json')

const base = `dsn: memory
selfservice: { default_browser_return_url: https://app.example.org/ }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://${schema}" }] }
courier: { delivery_strategy: mailbox }
hashers: { bcrypt: { cost: 4 } }
`

/** A server with the first blocks of the configuration on the page. */
async function serverWith(count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-device-bound-page-'))
  const files = [base, ...blocks('yaml').slice(0, count)].map(
    (text, index) => [join(folder, `${index}.yml`), text] as const,
  )
  for (const [path, text] of files) await writeFile(path, text)
  const kratos = files.map(([path]) => path) as [string, ...string[]]
  const opened = await openApp({ loaded: await loadOriginals({ kratos }, {}, {}) })
  const close = async () => {
    await opened.close()
    await rm(folder, { recursive: true })
  }
  return { ...opened, close }
}

it('docs/device-bound-sessions.md: its command shows the header, and the browser is told what the page says', async () => {
  const { call, close } = await serverWith(1)
  const [, path = '', body = ''] =
    /curl -si .*example\.org(\/self-service\/login\?flow=)\$FLOW".* -d '(\{.*\})' \|/.exec(page) ?? []
  const { identifier: email, password } = JSON.parse(body.replace(/'"\$CSRF"'/, ''))
  const credentials = { password: { config: { password } } }
  const created = { json: { schema_id: 'person', traits: { email }, credentials }, listener: 'admin' as const }
  expect((await call('POST', '/admin/identities', created)).status).toBe(201)
  const flow = await call('GET', '/self-service/login/browser')
  const cookiesOf = ({ headers }: typeof flow) =>
    [headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0] ?? '')
  const cookie = cookiesOf(flow).join('; ')
  const { value } = flow.body.ui.nodes.find(
    (node: { attributes: { name: string } }) => node.attributes.name === 'csrf_token',
  ).attributes
  const json = JSON.parse(body.replace(`'"$CSRF"'`, value))
  const signedIn = await call('POST', path + flow.body.id, { json, headers: { cookie } })
  expect(Object.keys(signedIn.headers)).toContain('secure-session-registration')

  const registration = registrationIn(signedIn)
  expect(page).toContain(`\`${registration.path}\``)
  const proof = await proofWith(await softwareKey(), registration.challenge, { registers: true })
  const headers = { cookie: cookiesOf(signedIn).join('; '), 'secure-session-response': proof }
  const registered = await call('POST', registration.path, { headers })
  const shown = JSON.parse(blocks('json')[0] ?? '')
  expect(registered.body).toEqual({ ...shown, session_identifier: signedIn.body.session.id })
  await close()
})

it('docs/device-bound-sessions.md: for a site, it says what its domain has to serve', async () => {
  const { call, close } = await serverWith(2)
  const { status, body } = await call('GET', '/.well-known/device-bound-sessions')
  expect([status, body]).toEqual([200, JSON.parse(blocks('json')[1] ?? '')])
  await close()
})
