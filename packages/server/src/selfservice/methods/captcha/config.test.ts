import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadOriginals } from '../../../configuration/index.ts'

const schema = new URL('../../../configuration/person.schema.json', import.meta.url)
const keys = '{ sitekey: a, secret: b }'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-captcha-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(captcha: string) {
  const file = join(folder, 'kratos.yml')
  await writeFile(
    file,
    `dsn: memory
identity: { default_schema_id: person, schemas: [{ id: person, url: "${schema}" }] }
selfservice: { default_browser_return_url: "http://127.0.0.1:4455/", methods: { captcha: ${captcha} } }
`,
  )
  return loadOriginals({ kratos: file }, {})
}

test.each([
  `{ enabled: true, config: { cf_turnstile: ${keys} } }`,
  `{ enabled: true, config: { byo: true, hcaptcha: ${keys}, allowed_domains: [harbour.example] } }`,
  `{ enabled: true, config: { recaptcha: { sitekey: a, secret: b, version: v3, min_score: 0.7 }, flows: [login] } }`,
  '{ enabled: false, config: { legacy_inject_node: false } }',
])('accepts %s', async (captcha) => {
  await expect(load(captcha)).resolves.toBeDefined()
})

test.each([
  ['no keys', '{ enabled: true }'],
  ['no provider', '{ enabled: true, config: {} }'],
  ['two providers', `{ enabled: true, config: { cf_turnstile: ${keys}, hcaptcha: ${keys} } }`],
  ['no secret', '{ enabled: true, config: { cf_turnstile: { sitekey: a } } }'],
  ['a managed widget', `{ enabled: true, config: { byo: false, cf_turnstile: ${keys} } }`],
  ['the older node', `{ enabled: true, config: { legacy_inject_node: true, cf_turnstile: ${keys} } }`],
  ['a flow without a captcha', `{ enabled: true, config: { cf_turnstile: ${keys}, flows: [settings] } }`],
  ['an address of another scheme', `{ enabled: true, config: { cf_turnstile: ${keys}, verify_url: "file:///etc" } }`],
])('refuses %s', async (_, captcha) => {
  await expect(load(captcha)).rejects.toThrow(/captcha/)
})
