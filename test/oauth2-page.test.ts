import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openTestApp } from '../packages/server/test/app.ts'
import {
  browserAt,
  createClient,
  locationOf,
  routes,
  startLogin,
  tokenRequest,
} from '../packages/server/test/oauth2-flows.ts'
import { type DocumentedCommand, documentedCommands, runDocumented } from './stage/documented-commands.ts'
import { root } from './stage/latchkey.ts'

const page = await readFile(join(root, 'docs/oauth2.md'), 'utf8')
const commands = documentedCommands(page)

it('docs/oauth2.md: its commands create a client, get tokens and accept a login and a consent', async () => {
  const app = await openTestApp('memory', routes)
  const project = await app.project()
  const run = (command: DocumentedCommand | undefined, replace?: Record<string, string>) =>
    runDocumented(project, command, replace)
  expect(commands).toHaveLength(5)
  const [create, token, introspect, login, consent] = commands
  expect((await run(create)).status).toBe(201)
  const { body: issued } = await run(token)
  expect((await run(introspect, { TOKEN: issued.access_token })).body).toMatchObject({
    active: true,
    client_id: 'reports',
    scope: 'read',
  })

  const client = await createClient(project)
  const browser = browserAt(project)
  const challenge = await startLogin(browser, client)
  const { body: loggedIn } = await run(login, { CHALLENGE: challenge })
  const next = locationOf(await browser.get(loggedIn.redirect_to)).searchParams.get('consent_challenge') ?? ''
  const { body: agreed } = await run(consent, { CHALLENGE: next })
  const code = locationOf(await browser.get(agreed.redirect_to)).searchParams.get('code')
  const redirectUri = 'https://app.example.org/callback'
  const { body } = await tokenRequest(project, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
  })
  expect(body).toMatchObject({ access_token: expect.any(String), id_token: expect.any(String) })
  await app.close()
})
