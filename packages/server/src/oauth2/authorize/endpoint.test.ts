import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import {
  accept,
  agree,
  authorize,
  browserAt,
  createClient,
  locationOf,
  routes,
  startLogin,
  type TestClient,
  tokenRequest,
  tokensOf,
  withLoginElsewhere,
} from '../../../test/oauth2-flows.ts'

describe.each(dsns)('the authorization endpoint on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  beforeAll(async () => {
    app = await openTestApp(dsn, routes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project(undefined, withLoginElsewhere)
    client = await createClient(project)
  })

  test('leads through login and consent to tokens about the person', async () => {
    const consent = { session: { id_token: { email: 'ada@example.org' } } }
    const { status, body } = await tokensOf(project, client, { consent })
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'bearer', scope: 'openid offline_access', expires_in: 3600 })
    const { body: person } = await project.call('GET', '/userinfo', { token: body.access_token })
    expect(person).toMatchObject({ sub: 'ada', email: 'ada@example.org', aud: [client.client_id] })
  })

  test('refuses a redirect URI that the client did not register, without going there', async () => {
    const end = await browserAt(project).get(
      `/oauth2/auth?${new URLSearchParams({
        client_id: client.client_id,
        response_type: 'code',
        redirect_uri: 'https://evil.example.org/',
        state: 'a state of some length',
      })}`,
    )
    const target = locationOf(end)
    expect(target.pathname).toBe('/ui/error')
    expect(target.searchParams.get('error')).toBe('invalid_request')
  })

  test('refuses a login that was accepted for another browser', async () => {
    const login = await startLogin(browserAt(project), client)
    const { body } = await accept(project, 'login', login, { subject: 'ada' })
    const attacked = locationOf(await browserAt(project).get(body.redirect_to))
    expect(attacked.searchParams.get('error')).toBe('request_forbidden')
    expect(attacked.searchParams.get('code')).toBe(null)
  })

  test('grants no scope that was not asked for', async () => {
    const consent = { grant_scope: ['openid', 'photos'] }
    const { body } = await tokensOf(project, client, { query: { scope: 'openid' }, consent })
    expect(body.scope).toBe('openid')
  })

  test('does not know the challenges of another project', async () => {
    const elsewhere = await app.project()
    const login = await startLogin(browserAt(project), client)
    const answer = await accept(elsewhere, 'login', login, { subject: 'ada' })
    expect(answer.status).toBe(404)
  })

  test('forgets a login request after its time', async () => {
    const browser = browserAt(project)
    const login = await startLogin(browser, client)
    app.clock.advance(31 * 60_000)
    expect((await accept(project, 'login', login, { subject: 'ada' })).status).toBeGreaterThanOrEqual(400)
  })

  test('refuses a modified challenge', async () => {
    const login = await startLogin(browserAt(project), client)
    const middle = Math.floor(login.length / 2)
    const other = login[middle] === 'A' ? 'B' : 'A'
    const modified = `${login.slice(0, middle)}${other}${login.slice(middle + 1)}`
    expect((await accept(project, 'login', modified, { subject: 'ada' })).status).toBe(404)
  })

  test('does not let anybody become another person by a cookie with the session id of an ID token', async () => {
    const browser = browserAt(project)
    const login = await startLogin(browser, client)
    const { body: loggedIn } = await accept(project, 'login', login, { subject: 'ada', remember: true })
    const end = await agree(project, browser, { url: loggedIn.redirect_to, consent: {} })
    const { body } = await tokenRequest(project, client, {
      grant_type: 'authorization_code',
      code: end.searchParams.get('code'),
      redirect_uri: 'https://app.example.org/callback',
    })
    const { sid } = JSON.parse(Buffer.from(body.id_token.split('.')[1], 'base64url').toString())
    const answer = await project.call(
      'GET',
      `/oauth2/auth?${new URLSearchParams({
        client_id: client.client_id,
        response_type: 'code',
        scope: 'openid',
        prompt: 'none',
        redirect_uri: 'https://app.example.org/callback',
        state: 'a state of some length',
      })}`,
      { token: null, headers: { cookie: `ory_hydra_session_dev=${sid}` } },
    )
    expect(locationOf(answer).searchParams.get('error')).toBe('login_required')
  })

  test('tells the client that the person refused', async () => {
    const browser = browserAt(project)
    const login = await startLogin(browser, client)
    const { body } = await project.call('PUT', `/admin/oauth2/auth/requests/login/reject?login_challenge=${login}`, {
      json: { error: 'access_denied', error_description: 'The person refused.' },
    })
    const end = locationOf(await browser.get(body.redirect_to))
    expect(end.origin).toBe('https://app.example.org')
    expect(end.searchParams.get('error')).toBe('access_denied')
  })

  test('may demand PKCE of public clients', async () => {
    const { ctx } = project
    Object.assign(ctx.config.oauth2.oauth2.pkce, { enforced_for_public_clients: true })
    const app = await createClient(project, { token_endpoint_auth_method: 'none' })
    const end = await authorize(project, app)
    Object.assign(ctx.config.oauth2.oauth2.pkce, { enforced_for_public_clients: false })
    expect(end.searchParams.get('error')).toBe('invalid_request')
    expect(end.searchParams.get('code')).toBe(null)
  })
})
