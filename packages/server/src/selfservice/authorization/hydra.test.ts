import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TestProject } from '../../../test/app.ts'
import { formOf, freshEmail, identitiesWith, openFlows, Person, password } from '../../../test/people.ts'

interface Received {
  method: string
  path: string
  challenge: string | null
  headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  body: any
}

describe('a login request of a separate OAuth 2.0 server', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let server: Server
  let project: TestProject
  let received: Received[] = []
  let skip = false

  beforeAll(async () => {
    app = await openFlows('memory')
    server = createServer(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://hydra.example')
      let text = ''
      for await (const part of request) text += part
      const challenge = searchParams.get('login_challenge')
      const body = text && JSON.parse(text)
      received.push({ method: request.method ?? '', path: pathname, challenge, headers: request.headers, body })
      const isKnown = challenge === 'known'
      response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' })
      const client = { client_id: 'tides', redirect_uris: ['https://app.example.org/callback'] }
      const found = { challenge, client, skip, subject: '', request_url: 'https://hydra.example/oauth2/auth?a=b' }
      const accepted = { redirect_to: 'https://hydra.example/oauth2/auth?login_verifier=v' }
      response.end(JSON.stringify(isKnown ? (body ? accepted : found) : { error: 'not found' }))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hydra/`
    project = await app.project((identity) => ({
      ...identity,
      oauth2_provider: { url, headers: { 'x-api-key': 'k' }, override_return_to: false },
    }))
  })
  beforeEach(() => {
    received = []
    skip = false
  })
  afterAll(async () => {
    await app.close()
    server.close()
  })

  test('is in the flow, and is accepted at its end with the identity', async () => {
    const email = freshEmail()
    await new Person(project, 'api').signUp(email)
    const person = new Person(project)
    const flow = await person.begin('login', '?login_challenge=known')
    expect(flow).toMatchObject({
      oauth2_login_challenge: 'known',
      oauth2_login_request: { client: { client_id: 'tides' }, skip: false },
    })
    const read = await person.call('GET', `/self-service/login/flows?id=${flow.id}`)
    expect(read.body.oauth2_login_request.client.client_id).toBe('tides')
    const wrong = await person.submit('login', flow, { method: 'password', identifier: email, password: 'wrong' })
    expect(wrong.body.oauth2_login_request.client.client_id).toBe('tides')
    received = []
    const { status, body } = await person.submit('login', flow, { method: 'password', identifier: email, password })
    expect(status).toBe(422)
    expect(body.redirect_browser_to).toBe('https://hydra.example/oauth2/auth?login_verifier=v')
    const [{ id }] = await identitiesWith(project, email)
    const { body: session } = await person.call('GET', '/sessions/whoami')
    expect(received).toMatchObject([
      {
        method: 'PUT',
        path: '/hydra/admin/oauth2/auth/requests/login/accept',
        headers: { 'x-api-key': 'k' },
        body: {
          subject: id,
          identity_provider_session_id: session.id,
          remember: true,
          remember_for: 2_592_000,
          amr: ['password'],
        },
      },
    ])
  })

  test('sends a browser on', async () => {
    const email = freshEmail()
    await new Person(project, 'api').signUp(email)
    const person = new Person(project)
    const flow = await person.begin('login', '?login_challenge=known')
    const fields = { method: 'password', identifier: email, password }
    const { headers } = await person.submit('login', flow, fields, { accept: 'text/html' })
    expect(headers.location).toBe('https://hydra.example/oauth2/auth?login_verifier=v')
  })

  test('asks to sign in again unless it may be skipped, as Kratos does', async () => {
    const person = new Person(project)
    await person.signUp(freshEmail())
    expect((await person.begin('login', '?login_challenge=known')).refresh).toBe(true)
    skip = true
    const page = { headers: { accept: 'text/html' } }
    const { headers } = await person.call('GET', '/self-service/login/browser?login_challenge=known', page)
    expect(headers.location).toBe('https://hydra.example/oauth2/auth?login_verifier=v')
  })

  test('is accepted at the end of a sign-up', async () => {
    const person = new Person(project)
    const flow = await person.begin('registration', '?login_challenge=known')
    expect(flow.oauth2_login_challenge).toBe('known')
    const text = formOf({ method: 'password', 'traits.email': freshEmail(), password })
    const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
    const csrf = flow.ui.nodes.find((one: { attributes: { name: string } }) => one.attributes.name === 'csrf_token')
    const sent = `${text}&csrf_token=${encodeURIComponent(csrf.attributes.value)}`
    const answer = await person.call('POST', `/self-service/registration?flow=${flow.id}`, { text: sent, headers })
    expect(answer.headers.location).toContain('/ui/verification?flow=')
    const id = new URL(String(answer.headers.location)).searchParams.get('flow')
    const { body } = await person.call('GET', `/self-service/verification/flows?id=${id}`)
    expect(body.return_to).toBe('https://hydra.example/oauth2/auth?login_verifier=v')
  })

  test.each(['login', 'registration'])('that is not known is refused with 400 (%s)', async (name) => {
    const person = new Person(project)
    for (const challenge of ['unknown', '', '../../../clients', 'known&login_challenge=x%26y']) {
      const { status } = await person.call('GET', `/self-service/${name}/browser?login_challenge=${challenge}`)
      expect([challenge, status]).toEqual([challenge, challenge.startsWith('known') ? 200 : 400])
    }
    const paths = received.map(({ path }) => path)
    expect(new Set(paths)).toEqual(new Set(['/hydra/admin/oauth2/auth/requests/login']))
  })

  test('fails as our own mistake where the server cannot be reached', async () => {
    const lost = await app.project((identity) => ({
      ...identity,
      oauth2_provider: { url: 'http://127.0.0.1:9', headers: {}, override_return_to: false },
    }))
    const { status } = await new Person(lost).call('GET', '/self-service/login/browser?login_challenge=known')
    expect(status).toBe(500)
  })

  test('decides where other flows return to, if that is configured', async () => {
    const { oauth2_provider } = project.ctx.config.identity
    const overriding = await app.project((identity) => ({
      ...identity,
      oauth2_provider: { ...oauth2_provider, override_return_to: true },
      selfservice: { ...identity.selfservice, allowed_return_urls: ['https://hydra.example'] },
    }))
    const flow = await new Person(overriding).begin('login', '?login_challenge=known&return_to=/elsewhere')
    expect(flow.return_to).toBe('https://hydra.example/oauth2/auth?a=b')
  })
})
