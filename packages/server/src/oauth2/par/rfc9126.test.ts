import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import {
  accept,
  agree,
  browserAt,
  callback,
  createClient,
  locationOf,
  post,
  routes,
  type TestClient,
  tokenRequest,
} from '../../../test/oauth2-flows.ts'

const request = {
  response_type: 'code',
  scope: 'openid offline_access',
  redirect_uri: callback,
  state: 'a state of some length',
}

describe.each(dsns)('pushed authorization requests (RFC 9126) on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  beforeAll(async () => {
    app = await openTestApp(dsn, routes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    client = await createClient(project)
    configure({ enabled: true, required: false })
  })

  const configure = (own: object) => Object.assign(project.ctx.config.oauth2.oauth2.pushed_requests, own)
  const push = (form: object = {}, by: TestClient = client) =>
    post(project, '/oauth2/par', { client_id: by.client_id, client_secret: by.client_secret, ...request, ...form })
  const pushed = async (form: object = {}): Promise<string> => (await push(form)).body.request_uri
  const addressOf = (requestUri: string, more: object = {}) =>
    `/oauth2/auth?${new URLSearchParams({ client_id: client.client_id, request_uri: requestUri, ...more })}`
  const errorOf = async (url: string) => locationOf(await browserAt(project).get(url)).searchParams.get('error')
  const signIn = async (browser: ReturnType<typeof browserAt>, address: string): Promise<string> => {
    const login = locationOf(await browser.get(address)).searchParams.get('login_challenge') ?? ''
    return (await accept(project, 'login', login, { subject: 'ada' })).body.redirect_to
  }

  test('lead to tokens, with nothing but a reference in the browser', async () => {
    const { status, body, headers } = await push({ nonce: 'a nonce of some length' })
    expect(status).toBe(201)
    expect(body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w.-]{80,}$/),
      expires_in: 60,
    })
    expect(headers['cache-control']).toBe('no-store')
    const browser = browserAt(project)
    const url = await signIn(browser, addressOf(body.request_uri))
    expect(url).not.toContain('redirect_uri')
    const end = await agree(project, browser, { url, consent: {} })
    expect(end.href.startsWith(`${callback}?`)).toBe(true)
    expect(end.searchParams.get('state')).toBe(request.state)
    const { body: tokens } = await tokenRequest(project, client, {
      grant_type: 'authorization_code',
      code: end.searchParams.get('code'),
      redirect_uri: callback,
    })
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url').toString())
    expect(claims.nonce).toBe('a nonce of some length')
  })

  test('are in the metadata where they are on', async () => {
    const metadata = async () => (await project.call('GET', '/.well-known/oauth-authorization-server')).body
    const endpoint = 'http://localhost:4000/oauth2/par'
    expect(await metadata()).toMatchObject({ pushed_authorization_request_endpoint: endpoint })
    expect(await metadata()).not.toHaveProperty('require_pushed_authorization_requests')
    configure({ required: true })
    expect(await metadata()).toMatchObject({ require_pushed_authorization_requests: true })
    configure({ enabled: false, required: false })
    expect(await metadata()).not.toHaveProperty('pushed_authorization_request_endpoint')
    expect((await push()).status).toBe(404)
  })

  test('work once: of many simultaneous uses exactly one begins a flow', async () => {
    const address = addressOf(await pushed())
    const ends = await Promise.all(Array.from({ length: 50 }, () => browserAt(project).get(address)))
    const begun = ends.filter((end) => locationOf(end).searchParams.has('login_challenge'))
    expect(begun).toHaveLength(1)
    expect(await errorOf(address)).toBe('invalid_request_uri')
  })

  test('expire, are bound to the client, and cannot be guessed', async () => {
    const requestUri = await pushed()
    const other = await createClient(project)
    const ofOther = `/oauth2/auth?${new URLSearchParams({ client_id: other.client_id, request_uri: requestUri })}`
    expect(await errorOf(ofOther)).toBe('invalid_request_uri')
    expect(await errorOf(`${addressOf(requestUri)}x`)).toBe('invalid_request_uri')
    app.clock.advance(61_000)
    expect(await errorOf(addressOf(requestUri))).toBe('invalid_request_uri')
  })

  test('of another project, or of a deleted client, are none', async () => {
    const requestUri = await pushed()
    const elsewhere = await app.project()
    const there = await createClient(elsewhere, { client_id: client.client_id })
    expect(there.client_id).toBe(client.client_id)
    const end = await browserAt(elsewhere).get(addressOf(requestUri))
    expect(locationOf(end).searchParams.get('error')).toBe('invalid_request_uri')
    await project.call('DELETE', `/admin/clients/${client.client_id}`)
    await createClient(project, { client_id: client.client_id })
    expect(await errorOf(addressOf(requestUri))).toBe('invalid_request_uri')
  })

  test('allow no parameter beside them, at no step', async () => {
    const browser = browserAt(project)
    const url = await signIn(browser, addressOf(await pushed({ scope: 'openid' }), { scope: 'photos', state: 'other' }))
    const consent = { grant_scope: ['openid', 'photos'] }
    const end = await agree(project, browser, { url: `${url}&scope=photos&state=other`, consent })
    expect(end.searchParams.get('state')).toBe(request.state)
    expect(end.searchParams.get('scope')).toBe('openid')
  })

  test('cannot be left, or entered, by a flow that has begun', async () => {
    const browser = browserAt(project)
    const begun = new URL(await signIn(browser, addressOf(await pushed())))
    const verifier = begun.searchParams.get('login_verifier') ?? ''
    const plain = new URLSearchParams({ client_id: client.client_id, ...request })
    expect(await errorOf(`/oauth2/auth?${plain}&login_verifier=${verifier}`)).toBe('access_denied')
    const spent = await pushed()
    await browser.get(addressOf(spent))
    expect(await errorOf(addressOf(spent, { login_verifier: verifier }))).toBe('access_denied')
    const ofPlain = new URL(await signIn(browser, `/oauth2/auth?${plain}`)).searchParams.get('login_verifier') ?? ''
    expect(await errorOf(addressOf(spent, { login_verifier: ofPlain }))).toBe('access_denied')
  })

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['another client_id', { client_id: 'other' }, 401, 'invalid_client'],
    ['a redirect URI that is not registered', { redirect_uri: 'https://evil.example.org/' }, 400, 'invalid_request'],
    ['a scope of others', { scope: 'openid admin' }, 400, 'invalid_scope'],
    ['a response type of others', { response_type: 'token' }, 400, 'unsupported_response_type'],
    [
      'a plain code challenge',
      { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' },
      400,
      'invalid_request',
    ],
    ['a short state', { state: 'short' }, 400, 'invalid_state'],
    ['another reference', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 400, 'invalid_request'],
  ])('are refused with %s, and not stored', async (_, form, status, error) => {
    const answer = await push(form)
    expect(answer).toMatchObject({ status, body: { error } })
    expect(answer.headers['cache-control']).toBe('no-store')
    const rows = await project.ctx.db.selectFrom('oauth2_pushed_requests').select('hash').execute()
    expect(rows).toEqual([])
  })

  test('are refused with a repeated parameter, or without a code challenge that is enforced', async () => {
    const form = new URLSearchParams({ client_id: client.client_id, client_secret: client.client_secret, ...request })
    const twice = `${form}&redirect_uri=${encodeURIComponent('https://evil.example.org/')}`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await project.call('POST', '/oauth2/par', { token: null, text: twice, headers })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const { pkce } = project.ctx.config.oauth2.oauth2
    Object.assign(pkce, { enforced: true })
    const without = await push()
    Object.assign(pkce, { enforced: false })
    expect(without).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('can be required of all clients, or of one', async () => {
    const own = await createClient(project, { require_pushed_authorization_requests: true })
    expect(own).toMatchObject({ require_pushed_authorization_requests: true })
    const plain = (by: TestClient) => `/oauth2/auth?${new URLSearchParams({ client_id: by.client_id, ...request })}`
    expect(await errorOf(plain(own))).toBe('invalid_request')
    expect(await errorOf(plain(client))).toBe(null)
    configure({ required: true })
    expect(await errorOf(plain(client))).toBe('invalid_request')
    const end = await browserAt(project).get(addressOf(await pushed()))
    expect(locationOf(end).searchParams.has('login_challenge')).toBe(true)
    // A client that wants it never comes without, also where it was switched off later.
    configure({ enabled: false, required: false })
    expect(await errorOf(plain(own))).toBe('invalid_request')
    const answer = await project.call('POST', '/admin/clients', {
      json: { require_pushed_authorization_requests: true },
    })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })

  test('keep what they contain encrypted, and the reference as a hash', async () => {
    const requestUri = await pushed({ login_hint: 'ada@example.org' })
    const rows = JSON.stringify(await project.ctx.db.selectFrom('oauth2_pushed_requests').selectAll().execute())
    expect(rows).not.toContain('ada')
    expect(rows).not.toContain(requestUri.split(':').at(-1))
  })

  test('come as a form as well', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const text = new URLSearchParams({ client_id: client.client_id, request_uri: await pushed() }).toString()
    const started = await project.call('POST', '/oauth2/auth', { token: null, text, headers })
    const login = locationOf(started).searchParams.get('login_challenge') ?? ''
    const { body } = await project.call('GET', `/admin/oauth2/auth/requests/login?login_challenge=${login}`)
    expect(new URL(body.request_url).searchParams.get('request_uri')).toMatch(/^urn:ietf/)
  })
})
