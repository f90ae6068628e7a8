import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
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
} from '../../../test/oauth2-flows.ts'

const issuer = 'http://localhost:4000'
const typ = 'oauth-authz-req+jwt'
const request = {
  response_type: 'code',
  scope: 'photos',
  redirect_uri: callback,
  state: 'the state of the object',
}

describe('signed request objects (RFC 9101)', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  let keys: Awaited<ReturnType<typeof generateKeyPair>>
  let stranger: typeof keys
  beforeAll(async () => {
    app = await openTestApp('memory', routes)
    keys = await generateKeyPair('ES256')
    stranger = await generateKeyPair('ES256')
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    configure({ enabled: true, required: false })
    client = await newClient()
  })

  const configure = (own: object) => Object.assign(project.ctx.config.oauth2.oauth2.request_objects, own)
  const newClient = async (more: object = {}) => {
    const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'key', alg: 'ES256', use: 'sig' }] }
    return createClient(project, { jwks, ...more })
  }
  const now = () => Math.floor(app.clock.now() / 1000)
  const claimsOf = (more: object = {}) => ({
    ...{ ...request, client_id: client.client_id, iss: client.client_id, aud: issuer },
    ...{ exp: now() + 60, nbf: now() },
    ...more,
  })
  const sign = (
    more: object = {},
    { header = { typ }, key = keys.privateKey }: { header?: object; key?: CryptoKey } = {},
  ) => new SignJWT(claimsOf(more)).setProtectedHeader({ alg: 'ES256', kid: 'key', ...header }).sign(key)
  const addressOf = (parameters: object) =>
    `/oauth2/auth?${new URLSearchParams({ client_id: client.client_id, ...parameters })}`
  const errorOf = async (parameters: object) =>
    locationOf(await browserAt(project).get(addressOf(parameters))).searchParams.get('error')
  const startAt = async (browser: ReturnType<typeof browserAt>, address: string) => {
    const login = locationOf(await browser.get(address)).searchParams.get('login_challenge') ?? ''
    return (await accept(project, 'login', login, { subject: 'ada' })).body.redirect_to as string
  }

  test('are all that counts: parameters beside them are ignored, at each step', async () => {
    const browser = browserAt(project)
    const beside = { state: 'a state beside the object', scope: 'openid', redirect_uri: 'https://evil.example.org/' }
    const url = await startAt(browser, addressOf({ request: await sign(), ...beside }))
    const end = await agree(project, browser, { url, consent: { grant_scope: ['openid', 'photos'] } })
    expect(end.href.startsWith(`${callback}?`)).toBe(true)
    expect(end.searchParams.get('state')).toBe(request.state)
    expect(end.searchParams.get('scope')).toBe('photos')
  })

  test('may expire while the person signs in, and cannot be exchanged for another one', async () => {
    const browser = browserAt(project)
    const object = await sign()
    const url = await startAt(browser, addressOf({ request: object }))
    const verifier = new URL(url).searchParams.get('login_verifier') ?? ''
    const other = await sign({ scope: 'openid photos' })
    expect(await errorOf({ request: other, login_verifier: verifier })).toBe('access_denied')
    expect(await errorOf({ ...request, login_verifier: verifier })).toBe('access_denied')
    app.clock.advance(300_000)
    const end = await agree(project, browser, { url, consent: { grant_scope: ['photos'] } })
    expect(end.searchParams.get('code')).not.toBe(null)
    expect(await errorOf({ request: object })).toBe('invalid_request_object')
  })

  test.each<[string, () => Promise<string>]>([
    ['of another client', () => sign({ client_id: 'other' })],
    ['of another issuer', () => sign({ iss: 'other' })],
    ['without an issuer', () => sign({ iss: undefined })],
    ['for another server', () => sign({ aud: 'https://other.example.org' })],
    ['without an audience', () => sign({ aud: undefined })],
    ['that could be an assertion of the client', () => sign({ sub: client.client_id })],
    ['that has expired', () => sign({ exp: now() - 1 })],
    ['that never expires', () => sign({ exp: undefined })],
    ['that is good for a day', () => sign({ exp: now() + 86_400 })],
    ['that is not valid yet', () => sign({ nbf: now() + 300 })],
    ['with another object inside', () => sign({ request: 'x' })],
    ['with a reference inside', () => sign({ request_uri: 'https://app.example.org/object' })],
    ['of another type', () => sign({}, { header: { typ: 'JWT' } })],
    ['without a type', () => sign({}, { header: {} })],
    ['of another key', () => sign({}, { key: stranger.privateKey })],
    ['without a signature', async () => new UnsecuredJWT(claimsOf()).encode()],
    [
      'that was changed',
      async () => (await sign()).replace(/\.[^.]*\./, `.${Buffer.from('{}').toString('base64url')}.`),
    ],
    ['that is encrypted', async () => 'a.b.c.d.e'],
    ['that is longer than anybody needs', async () => 'x'.repeat(70_000)],
  ])('are refused: one %s', async (_, object) => {
    expect(await errorOf({ request: await object() })).toBe('invalid_request_object')
  })

  test('are refused beside a reference, and with an algorithm that is not allowed', async () => {
    const both = { request: await sign(), request_uri: 'https://app.example.org/object' }
    expect(await errorOf(both)).toBe('invalid_request')
    configure({ algorithms: ['PS256'] })
    expect(await errorOf({ request: await sign() })).toBe('invalid_request_object')
    configure({ algorithms: ['PS256', 'ES256'] })
    expect(await errorOf({ request: await sign() })).toBe(null)
    client = await newClient({ request_object_signing_alg: 'PS256' })
    expect(await errorOf({ request: await sign() })).toBe('invalid_request_object')
    client = await newClient({ request_object_signing_alg: 'none' })
    expect(await errorOf({ request: await sign() })).toBe('invalid_request_object')
    configure({ algorithms: ['ES256'] })
  })

  test('can be required of all clients, or of one', async () => {
    expect(await errorOf(request)).toBe(null)
    client = await newClient({ require_signed_request_object: true })
    expect(await errorOf(request)).toBe('invalid_request')
    expect(await errorOf({ request: await sign() })).toBe(null)
    // An object of OpenID Connect, which may be unsigned, is not enough.
    const unsigned = new UnsecuredJWT(claimsOf({ scope: 'openid' })).encode()
    expect(await errorOf({ ...request, scope: 'openid', request: unsigned })).toBe('invalid_request_object')
    configure({ enabled: false })
    expect(await errorOf({ ...request, request: await sign() })).toBe('invalid_request')
    configure({ enabled: true, required: true })
    client = await newClient()
    expect(await errorOf(request)).toBe('invalid_request')
    expect(await errorOf({ request: await sign() })).toBe(null)
  })

  test('cannot be required by a client where they are off, or without keys', async () => {
    const json = { require_signed_request_object: true }
    const refused = { status: 400, body: { error: 'invalid_client_metadata' } }
    expect(await project.call('POST', '/admin/clients', { json })).toMatchObject(refused)
    configure({ enabled: false })
    const jwks = { keys: [] }
    expect(await project.call('POST', '/admin/clients', { json: { ...json, jwks } })).toMatchObject(refused)
  })

  test('can be pushed', async () => {
    const { client_id, client_secret } = await newClient({
      require_signed_request_object: true,
      require_pushed_authorization_requests: true,
    })
    client = { client_id, client_secret }
    const push = (form: object) => post(project, '/oauth2/par', { client_id, client_secret, ...form })
    expect(await push(request)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const { status, body } = await push({ request: await sign(), state: 'a state beside the object' })
    expect(status).toBe(201)
    const browser = browserAt(project)
    const url = await startAt(browser, addressOf({ request_uri: body.request_uri }))
    const end = await agree(project, browser, { url, consent: { grant_scope: ['photos'] } })
    expect(end.searchParams.get('state')).toBe(request.state)
    expect(end.searchParams.get('code')).not.toBe(null)
    expect(await errorOf({ request: await sign() })).toBe('invalid_request')
  })

  test('are in the metadata where they are on; where they are off, Hydra’s rules hold', async () => {
    const metadata = async () => (await project.call('GET', '/.well-known/openid-configuration')).body
    const { request_object_signing_alg_values_supported: algorithms } = await metadata()
    expect(algorithms).toEqual(expect.arrayContaining(['none', 'ES256', 'PS256', 'RS256']))
    configure({ required: true })
    expect(await metadata()).toMatchObject({ require_signed_request_object: true })
    expect((await metadata()).request_object_signing_alg_values_supported).not.toContain('none')
    configure({ enabled: false, required: false })
    expect((await metadata()).request_object_signing_alg_values_supported).toEqual(['none', 'RS256', 'ES256'])
    // Without OpenID Connect, Hydra does not read the object.
    expect(await errorOf({ ...request, request: 'x' })).toBe(null)
    expect(
      await errorOf({ ...request, scope: 'openid', request: await sign({ scope: 'openid', exp: undefined }) }),
    ).toBe(null)
  })
})
