import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApp } from '../../test/running.ts'
import { createProjectToken } from '../apikey/index.ts'
import { defaultDocument } from '../configuration/default-project.ts'

type Server = Awaited<ReturnType<typeof openApp>>

interface Node {
  attributes: { name: string; value: string }
}

/** The built-in project without an address of its own. */
function projectDocument() {
  const { services, ...document } = defaultDocument(4000)
  const { serve: _, ...config } = services.identity.config
  return { ...document, services: { identity: { config } } }
}

/** The cookies that an answer sets, as a browser sends them back. */
function cookiesIn({ headers }: { headers: Record<string, unknown> }): string {
  return [headers['set-cookie'] ?? []]
    .flat()
    .map((line) => String(line).split(';')[0])
    .join('; ')
}

describe('projects by host name', () => {
  let server: Server
  let token: string
  const host = 'pier.projects.localhost:4000'
  beforeAll(async () => {
    server = await openApp()
    const ctx = await server.app.projects.save({ slug: 'pier', name: 'Pier' }, projectDocument())
    token = await createProjectToken(ctx, 'test')
  })
  afterAll(() => server.close())

  const list = (headers: Record<string, string>) => server.call('GET', '/admin/identities', { headers })
  const signUp = (email: string, headers: Record<string, string> = {}) =>
    server.flow('registration', [{ method: 'password', password: 'a-long-quay-at-low-tide', traits: { email } }], {
      headers,
    })

  /** Signs in as a script in a browser does. */
  async function cookieOf(identifier: string): Promise<string> {
    const begun = await server.call('GET', '/self-service/login/browser')
    const { value } = begun.body.ui.nodes.find((node: Node) => node.attributes.name === 'csrf_token').attributes
    const json = { method: 'password', identifier, password: 'a-long-quay-at-low-tide', csrf_token: value }
    const path = `/self-service/login?flow=${begun.body.id}`
    const signedIn = await server.call('POST', path, { json, headers: { cookie: cookiesIn(begun) } })
    expect(signedIn.status).toBe(200)
    return cookiesIn(signedIn)
  }

  it.each([
    [undefined, 'Latchkey'],
    ['localhost:4000', 'Latchkey'],
    ['127.0.0.1:4000', 'Latchkey'],
    ['pier.projects.elsewhere.example', 'Latchkey'],
    [host, 'Pier'],
    ['PIER.Projects.LocalHost', 'Pier'],
    ['pier.projects.localhost.', 'Pier'],
    ['default.projects.localhost', 'Latchkey'],
    ['nobody.projects.localhost', undefined],
    ['a.pier.projects.localhost', undefined],
    ['.projects.localhost', undefined],
  ])('%s is %s', async (name, project) => {
    expect((await server.app.projects.byHost(name))?.project.name).toBe(project)
  })

  it('answers 404 for a project that is not there', async () => {
    expect((await server.call('GET', '/health/alive', { headers: { host: 'nobody.projects.localhost' } })).status).toBe(
      404,
    )
  })

  it('keeps people, tokens, sessions and cookies of two projects apart', { timeout: 60_000 }, async () => {
    const here = await signUp('ada@harbour.example')
    const there = await signUp('ada@harbour.example', { host })
    expect([here.status, there.status]).toEqual([200, 200])
    expect(there.body.identity.id).not.toBe(here.body.identity.id)

    const authorization = `Bearer ${token}`
    expect((await list({ authorization })).status).toBe(401)
    expect((await list({ authorization: `Bearer ${server.token}`, host })).status).toBe(401)
    const listed = await list({ authorization, host })
    expect(listed.body.map(({ id }: { id: string }) => id)).toEqual([there.body.identity.id])

    const session: string = here.body.session_token
    const whoami = (headers: Record<string, string>) => server.call('GET', '/sessions/whoami', { headers })
    const ways: Record<string, string>[] = [
      { 'x-session-token': session },
      { cookie: await cookieOf('ada@harbour.example') },
    ]
    for (const credentials of ways) {
      expect((await whoami(credentials)).status).toBe(200)
      expect((await whoami({ ...credentials, host })).status).toBe(401)
    }
  })

  it('refuses a flow of another project', async () => {
    const begun = await server.call('GET', '/self-service/login/api')
    const path = `/self-service/login/flows?id=${begun.body.id}`
    expect((await server.call('GET', path)).status).toBe(200)
    expect((await server.call('GET', path, { headers: { host } })).status).toBe(404)
  })

  it('makes links from its configuration, whatever a request calls the host', async () => {
    const forged = {
      host: 'evil.example',
      forwarded: 'host=evil.example;proto=https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-prefix': '/evil.example',
      'x-original-url': 'http://evil.example/',
    }
    const begun = await server.call('GET', '/self-service/recovery/api', { headers: forged })
    expect(begun.body.ui.action).toMatch(/^http:\/\/localhost:4000\//)
    const browser = await server.call('GET', '/self-service/login/browser', {
      headers: { ...forged, accept: 'text/html' },
    })
    const all = [
      begun,
      browser,
      await server.call('GET', '/schemas', { headers: forged }),
      await list({ ...forged, authorization: `Bearer ${server.token}` }),
    ]
    expect(browser.headers.location).toMatch(/^http:\/\/localhost:4000\//)
    expect(JSON.stringify(all.map(({ headers, body }) => [headers, body]))).not.toContain('evil.example')
  })
})
