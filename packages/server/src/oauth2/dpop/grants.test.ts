import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { introspect, newProver, type Prover, tokenRequestWith, useDpop } from '../../../test/dpop.ts'
import {
  accept,
  agree,
  authorize,
  browserAt,
  callback,
  createClient,
  locationOf,
  post,
  routes,
  type TestClient,
} from '../../../test/oauth2-flows.ts'

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const invalidGrant = { status: 400, body: { error: 'invalid_grant' } }

describe.each(dsns)('tokens that are bound to a key on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let prover: Prover
  let thief: Prover
  beforeAll(async () => {
    app = await openTestApp(dsn, routes)
    prover = await newProver()
    thief = await newProver()
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    useDpop(project)
  })

  const newPublic = () => createClient(project, { token_endpoint_auth_method: 'none' })
  const send = async (client: TestClient, form: object, by?: Prover) =>
    tokenRequestWith(project, client, { ...form, proof: await by?.prove(project, {}) })
  const codeOf = async (client: TestClient, query: object = {}) => {
    const code = (await authorize(project, client, { query })).searchParams.get('code')
    return { grant_type: 'authorization_code', code, redirect_uri: callback }
  }
  const tokensOf = async (client: TestClient, by?: Prover) => (await send(client, await codeOf(client), by)).body
  const refresh = (client: TestClient, token: string, by?: Prover) =>
    send(client, { grant_type: 'refresh_token', refresh_token: token }, by)
  const keyOf = async (token: string) => (await introspect(project, token)).cnf?.jkt

  test('come from a code, and in JWT format name the key', async () => {
    const client = await createClient(project, { access_token_strategy: 'jwt' })
    const body = await tokensOf(client, prover)
    expect(body.token_type).toBe('DPoP')
    expect(decodeJwt(body.access_token)).toMatchObject({ cnf: { jkt: prover.thumbprint } })
    expect(decodeJwt(body.id_token)).not.toHaveProperty('cnf')
  })

  test('come from a device code', async () => {
    const client = await newPublic()
    const { client_id } = client
    const { body: device } = await post(project, '/oauth2/device/auth', { client_id, scope: 'openid offline_access' })
    const browser = browserAt(project)
    const page = locationOf(await browser.get('/oauth2/device/verify')).searchParams
    const path = `/admin/oauth2/auth/requests/device/accept?device_challenge=${page.get('device_challenge')}`
    const { body: entered } = await project.call('PUT', path, { json: { user_code: device.user_code } })
    const login = locationOf(await browser.get(entered.redirect_to)).searchParams.get('login_challenge') ?? ''
    const { body: loggedIn } = await accept(project, 'login', login, { subject: 'ada' })
    await agree(project, browser, { url: loggedIn.redirect_to, consent: {} })
    const { body } = await send(client, { grant_type: deviceGrant, device_code: device.device_code }, prover)
    expect(body.token_type).toBe('DPoP')
    expect(await keyOf(body.access_token)).toBe(prover.thumbprint)
    expect(await refresh(client, body.refresh_token, thief)).toMatchObject(invalidGrant)
  })

  test('are of type bearer without a proof, and name no key', async () => {
    const body = await tokensOf(await newPublic())
    expect(body.token_type).toBe('bearer')
    expect(await introspect(project, body.access_token)).toMatchObject({ token_type: 'Bearer' })
    expect(await keyOf(body.access_token)).toBe(undefined)
  })

  describe('the refresh token of a public client', () => {
    test('needs the same key, and stays valid if somebody tries another one', async () => {
      const client = await newPublic()
      const { refresh_token: token } = await tokensOf(client, prover)
      expect(await keyOf(token)).toBe(prover.thumbprint)
      expect(await refresh(client, token)).toMatchObject(invalidGrant)
      expect(await refresh(client, token, thief)).toMatchObject(invalidGrant)
      const { status, body } = await refresh(client, token, prover)
      expect({ status, type: body.token_type }).toEqual({ status: 200, type: 'DPoP' })
      expect(await refresh(client, body.refresh_token, thief)).toMatchObject(invalidGrant)
    })

    test('repeats its response within the grace period only for the same key', async () => {
      Object.assign(project.ctx.config.oauth2.oauth2.grant.refresh_token, { rotation_grace_period: 60_000 })
      const client = await newPublic()
      const { refresh_token: token } = await tokensOf(client, prover)
      const { body } = await refresh(client, token, prover)
      expect(await refresh(client, token, thief)).toMatchObject(invalidGrant)
      expect(await refresh(client, token)).toMatchObject(invalidGrant)
      expect((await refresh(client, token, prover)).body.access_token).toBe(body.access_token)
    })

    test('that was not bound becomes bound with the first proof', async () => {
      const client = await newPublic()
      const { body } = await refresh(client, (await tokensOf(client)).refresh_token, prover)
      expect(await refresh(client, body.refresh_token, thief)).toMatchObject(invalidGrant)
    })
  })

  test('of a client that authenticates can be refreshed with a new key', async () => {
    const client = await createClient(project)
    const { refresh_token: token } = await tokensOf(client, prover)
    expect(await keyOf(token)).toBe(undefined)
    const { body } = await refresh(client, token, thief)
    expect(await keyOf(body.access_token)).toBe(thief.thumbprint)
  })

  describe('a code whose request named a key (dpop_jkt)', () => {
    test('is good for nobody without the key', async () => {
      const client = await newPublic()
      const form = await codeOf(client, { dpop_jkt: prover.thumbprint })
      expect(await send(client, form)).toMatchObject(invalidGrant)
      expect(await send(client, form, thief)).toMatchObject(invalidGrant)
      expect((await send(client, form, prover)).body.token_type).toBe('DPoP')
    })

    test('is not issued for a text that is no thumbprint', async () => {
      const client = await newPublic()
      const query = { client_id: client.client_id, response_type: 'code', redirect_uri: callback, state: 'of length' }
      const path = `/oauth2/auth?${new URLSearchParams({ ...query, dpop_jkt: 'key' })}`
      const end = locationOf(await browserAt(project).get(path))
      expect(end.searchParams.get('error')).toBe('invalid_request')
    })
  })

  test('do not come from the authorization endpoint, where nothing can be proved', async () => {
    const client = await createClient(project, {
      grant_types: ['implicit'],
      response_types: ['token'],
      dpop_bound_access_tokens: true,
    })
    const query = { client_id: client.client_id, response_type: 'token', redirect_uri: callback, state: 'of length' }
    const end = locationOf(await browserAt(project).get(`/oauth2/auth?${new URLSearchParams(query)}`))
    expect(end.hash).toContain('error=unauthorized_client')
  })
})
