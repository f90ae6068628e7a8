import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as client from 'openid-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadOriginals } from '../packages/server/src/configuration/index.ts'
import { openTestApp, type TestProject } from '../packages/server/test/app.ts'
import { browserAt, locationOf, routes } from '../packages/server/test/oauth2-flows.ts'
import { documentedCommands, runDocumented } from './stage/documented-commands.ts'
import { root } from './stage/latchkey.ts'

const name = 'docs/sign-in-with-your-project.md'
const page = await readFile(join(root, name), 'utf8')
const blockOf = (language: string) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? ''

let app: Awaited<ReturnType<typeof openTestApp>>
let project: TestProject
beforeAll(async () => {
  app = await openTestApp('memory', routes)
  project = await app.project()
})
afterAll(() => app.close())

it(`${name}: its command creates a client, whose people go to the sign-in of the project`, async () => {
  const [create] = documentedCommands(page)
  const { status, body } = await runDocumented(project, create)
  expect(status).toBe(201)
  expect(body.client_secret).toMatch(/^.{20,}$/)
  const query = new URLSearchParams({
    client_id: body.client_id,
    response_type: 'code',
    redirect_uri: body.redirect_uris[0],
    scope: 'openid profile email',
    state: 'a state of some length',
  })
  const started = locationOf(await browserAt(project).get(`/oauth2/auth?${query}`))
  expect(started.pathname).toBe('/self-service/login/browser')
  expect(started.searchParams.get('login_challenge')).toMatch(/./)
})

it(`${name}: the addresses and scopes that it names are those of the project`, async () => {
  const { body } = await project.call('GET', '/.well-known/openid-configuration', { token: null })
  expect(body.end_session_endpoint).toMatch(/./)
  const scopes = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, scope]) => scope)
  expect(scopes.length).toBeGreaterThan(3)
  expect(body.scopes_supported).toEqual(expect.arrayContaining(scopes))
  expect(body.claims_supported).toEqual(expect.arrayContaining(['sub', 'email', 'name', 'phone_number_verified']))
  const device = await browserAt(project).get('/oauth2/device/verify')
  expect(locationOf(device).pathname).toBe('/ui/device')
  expect(page).toContain('$P/oauth2/device/verify')
})

it(`${name}: its example calls functions of openid-client`, () => {
  const called = [...blockOf('js').matchAll(/client\.(\w+)/g)].map(([, one = '']) => one)
  expect(called.length).toBeGreaterThan(5)
  for (const one of called) expect(Object.keys(client)).toContain(one)
})

it(`${name}: its settings for a separate server are obeyed in a Kratos configuration`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'separate-server-'))
  try {
    const kratos = join(folder, 'kratos.yml')
    const schema = Buffer.from('{"type":"object","properties":{"traits":{"type":"object"}}}').toString('base64')
    await writeFile(
      kratos,
      `selfservice: { default_browser_return_url: https://app.example.org/ }
identity: { default_schema_id: p, schemas: [{ id: p, url: "base64://${schema}" }] }
${blockOf('yaml')}`,
    )
    const { config, notices } = await loadOriginals({ kratos }, {})
    expect(JSON.stringify(config)).toContain('http://hydra.internal:4445')
    expect(JSON.stringify(notices)).not.toContain('oauth2_provider')
  } finally {
    await rm(folder, { recursive: true })
  }
})
