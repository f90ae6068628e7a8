import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOriginals } from '@latchkey/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHookTarget } from '../packages/server/test/hook-target.ts'
import { openApp } from '../packages/server/test/running.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/hooks.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text)
const signUp = JSON.parse(/registration\?flow=.* -d '(\{.*\})'$/m.exec(page)?.[1] ?? '')
const schema = join(root, 'packages/server/src/configuration/person.schema.json')

/** The rest of a configuration. */
const base = `dsn: memory
dev: true
selfservice:
  default_browser_return_url: http://127.0.0.1:4455/
  flows: { registration: { enable_legacy_one_step: true } }
  methods: { password: { config: { haveibeenpwned_enabled: false } } }
identity: { default_schema_id: person, schemas: [{ id: person, url: "file://${schema}" }] }
courier: { delivery_strategy: mailbox }
`

let folder: string
let receiver: Awaited<ReturnType<typeof openHookTarget>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-hooks-page-'))
  receiver = await openHookTarget()
})
afterAll(async () => {
  await receiver.close()
  await rm(folder, { recursive: true })
})

/** A server with the configuration and the snippet of the page, whose receiver is ours. */
async function openAsOnPage(change: (yaml: string) => string = (same) => same) {
  const [yaml = ''] = blocks('yaml')
  const files = { 'base.yml': base, 'hooks.yml': change(yaml), 'new-customer.jsonnet': blocks('jsonnet')[0] ?? '' }
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text.replace('http://127.0.0.1:5050', receiver.url('')))
  const paths = [join(folder, 'base.yml'), join(folder, 'hooks.yml')] as const
  return openApp({ loaded: await loadOriginals({ kratos: [...paths] }, {}, {}) })
}

it('docs/hooks.md: the receiver is told of a new account, as the page says', async () => {
  const { flow, close } = await openAsOnPage()
  const { status, body } = await flow('registration', [signUp])
  expect([status, body.session_token]).toEqual([200, expect.any(String)])
  const [sent] = receiver.at('/customers')
  const printed = `${sent?.path} ${sent?.headers['x-api-key']} ${JSON.stringify(JSON.parse(sent?.text ?? ''))}`
  const [expected] = page.match(/^ {4}\/customers .*$/m) ?? []
  expect(`    ${printed.replace(/"id":"[^"]+"/, '"id":"…"')}`).toBe(expected)
  await close()
})

it.each([
  ['refuses', 'can_interrupt: true', 403],
  ['changes', 'response: { parse: true }', 200],
])('docs/hooks.md: a response %s an account as the page says', async (_, setting, status) => {
  const [refusal = '', change = ''] = blocks('json')
  receiver.answers.set('/customers', { status, body: JSON.parse(status === 403 ? refusal : change) })
  const { flow, close } = await openAsOnPage((yaml) =>
    yaml.replace(/^( *)method: POST$/m, (line, indent) => `${line}\n${indent}${setting}`),
  )
  const answer = await flow('registration', [signUp])
  if (status === 403) {
    const field = answer.body.ui.nodes.find(
      ({ attributes }: { attributes: { name: string } }) => attributes.name === 'traits.email',
    )
    expect([answer.status, field.messages]).toEqual([
      400,
      [{ id: 1234, type: 'error', text: 'This address is blocked.' }],
    ])
  } else {
    const { identity: wanted } = JSON.parse(change)
    expect([answer.status, answer.body.identity]).toEqual([
      200,
      expect.objectContaining({ metadata_public: wanted.metadata_public }),
    ])
    expect(answer.body.identity.verifiable_addresses).toMatchObject(wanted.verifiable_addresses)
  }
  await close()
})
