import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { defaultProject } from '../packages/server/src/configuration/index.ts'
import { openTestApp, type TestProject } from '../packages/server/test/app.ts'
import { introspect } from '../packages/server/test/dpop.ts'
import { accept, agree, browserAt, routes, startLogin } from '../packages/server/test/oauth2-flows.ts'
import { documentedCommands, runDocumented } from './stage/documented-commands.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/token-exchange.md'), 'utf8')
const [, yaml = '', , json = ''] = /```yaml\n(.*?)```.*?(```json\n(.*?)```)/s.exec(page) ?? []

let app: Awaited<ReturnType<typeof openTestApp>>
let project: TestProject
beforeAll(async () => {
  app = await openTestApp('memory', routes)
  project = await app.project()
})
afterAll(() => app.close())

it('docs/token-exchange.md: its key switches token exchange on, which a project has', async () => {
  const { config } = await defaultProject({ port: 4000, mode: 'dev' })
  expect(config.oauth2.oauth2.token_exchange).toEqual({ enabled: true })
  expect(parse(yaml)).toEqual({ oauth2: { token_exchange: { enabled: true } } })
})

it('docs/token-exchange.md: its commands lead to the token of the page', async () => {
  const [createShop, createOrders, exchange] = documentedCommands(page)
  const { body: shop } = await runDocumented(project, createShop)
  expect((await runDocumented(project, createOrders)).status).toBe(201)
  const redirectUri = 'https://shop.example.org/callback'
  const browser = browserAt(project)
  const login = await startLogin(browser, shop, {
    redirect_uri: redirectUri,
    scope: 'orders.read orders.write',
    audience: 'orders',
  })
  const { body: loggedIn } = await accept(project, 'login', login, { subject: 'the person' })
  const consent = { grant_scope: ['orders.read', 'orders.write'], grant_access_token_audience: ['orders'] }
  const url = await agree(project, browser, { url: loggedIn.redirect_to, consent })
  const form = { grant_type: 'authorization_code', code: url.searchParams.get('code') ?? '', redirect_uri: redirectUri }
  const basic = Buffer.from('shop:a+secret+that+nobody+guesses').toString('base64')
  const { body: tokens } = await project.call('POST', '/oauth2/token', {
    token: null,
    text: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic}` },
  })
  const { status, body } = await runDocumented(project, exchange, { TOKEN: tokens.access_token })
  expect(status).toBe(200)
  expect(await introspect(project, body.access_token)).toMatchObject(JSON.parse(json))
})
