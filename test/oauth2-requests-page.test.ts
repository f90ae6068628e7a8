import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { defaultProject } from '../packages/server/src/configuration/index.ts'
import { requestExtensions } from '../packages/server/src/oauth2/config/requests.ts'
import { openTestApp, type TestProject } from '../packages/server/test/app.ts'
import { browserAt, locationOf, routes } from '../packages/server/test/oauth2-flows.ts'
import { type DocumentedCommand, documentedCommands, runDocumented } from './stage/documented-commands.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/oauth2-requests.md'), 'utf8')
/** The switches that the table of the page names, with what it says of projects. */
const switches = [...page.matchAll(/^\|.*\| `oauth2\.([\w.]+)` \| (on|off) \| off \|$/gm)].map(
  ([, path = '', inProject]) => ({ path: path.split('.'), isOnInProject: inProject === 'on' }),
)
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => parse(text))
const commands = documentedCommands(page)

let app: Awaited<ReturnType<typeof openTestApp>>
let project: TestProject
beforeAll(async () => {
  app = await openTestApp('memory', routes)
  project = await app.project()
})
afterAll(() => app.close())

const run = (command: DocumentedCommand | undefined, replace?: Record<string, string>) =>
  runDocumented(project, command, replace)
const at = (tree: unknown, path: readonly string[]) =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], tree)

it('docs/oauth2-requests.md names each switch, and says whether a project has it on', async () => {
  const { config } = await defaultProject({ port: 4000, mode: 'dev' })
  expect(switches.map(({ path }) => path[0]).sort()).toEqual(Object.keys(requestExtensions).sort())
  for (const { path, isOnInProject } of switches) expect(at(config.oauth2.oauth2, path)).toBe(isOnInProject)
})

it('docs/oauth2-requests.md: its examples are keys of the configuration', () => {
  expect(examples.length).toBeGreaterThan(0)
  for (const { oauth2 } of examples)
    for (const key of Object.keys(oauth2)) expect(Object.keys(requestExtensions)).toContain(key)
})

it('docs/oauth2-requests.md: its commands create a client, and push a request with which a browser comes', async () => {
  expect(commands).toHaveLength(3)
  const [create, push, setAudience] = commands
  expect((await run(create)).status).toBe(201)
  const { status, body } = await run(push, { CHALLENGE: 'x'.repeat(43) })
  expect(status).toBe(201)
  const query = new URLSearchParams({ client_id: 'shop', request_uri: body.request_uri })
  const started = await browserAt(project).get(`/oauth2/auth?${query}`)
  expect(locationOf(started).searchParams.has('login_challenge')).toBe(true)
  expect((await run(setAudience)).body.audience).toContain('https://mail.example.org/')
})

it('docs/oauth2-requests.md: what is on is in the metadata', async () => {
  const { body } = await project.call('GET', '/.well-known/oauth-authorization-server')
  expect(body).toMatchObject({
    authorization_response_iss_parameter_supported: true,
    response_modes_supported: expect.arrayContaining(['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']),
    pushed_authorization_request_endpoint: expect.stringMatching(/\/oauth2\/par$/),
  })
})
