import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { introspect, newProver, tokenRequestWith, useDpop } from '../../../test/dpop.ts'
import {
  createClient,
  isActive,
  post,
  routes,
  type TestClient,
  tokenRequest,
  tokensOf,
} from '../../../test/oauth2-flows.ts'
import { accessTokenType, tokenExchangeGrantType } from './types.ts'

const invalidRequest = { status: 400, body: { error: 'invalid_request' } }
const photos = 'https://photos.example.org/'

describe.each(dsns)('token exchange (RFC 8693) on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  /** What people sign in to, and a service that it calls with their tokens. */
  let front: TestClient
  let service: TestClient
  beforeAll(async () => {
    app = await openTestApp(dsn, routes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    project.ctx.config.oauth2.oauth2.token_exchange.enabled = true
    service = await newService()
    front = await createClient(project, { audience: [service.client_id, photos], scope: 'openid offline_access a b' })
  })

  const newService = (more: object = {}) =>
    createClient(project, {
      grant_types: [tokenExchangeGrantType, 'client_credentials'],
      audience: ['https://mail.example.org/'],
      scope: 'a c',
      ...more,
    })
  /** A token of a person for the service. */
  const personToken = async (more: object = {}) => {
    const asked = { scope: 'openid offline_access a b', audience: service.client_id, ...more }
    const consent = { grant_scope: asked.scope.split(' '), grant_access_token_audience: asked.audience.split(' ') }
    const { body } = await tokensOf(project, front, { query: asked, consent })
    return body as { access_token: string; refresh_token: string }
  }
  const exchange = (client: TestClient, token: string, more: object = {}) =>
    tokenRequest(project, client, {
      grant_type: tokenExchangeGrantType,
      subject_token: token,
      subject_token_type: accessTokenType,
      ...more,
    })

  test('gives a service a token for the person that names the service as the actor', async () => {
    const { access_token: token } = await personToken()
    const { status, body } = await exchange(service, token)
    expect(status).toBe(200)
    expect(body).toMatchObject({ issued_token_type: accessTokenType, token_type: 'bearer', scope: 'a' })
    expect(body).not.toHaveProperty('refresh_token')
    const described = await introspect(project, body.access_token)
    expect(described).toMatchObject({ active: true, sub: 'ada', client_id: service.client_id, scope: 'a' })
    expect(described.act).toEqual({ sub: service.client_id })
    expect(described.aud).toEqual([service.client_id])
    expect((await introspect(project, token)).act).toBeUndefined()
  })

  test('names everybody whom a token passed through, the last one first', async () => {
    const last = await newService({ access_token_strategy: 'jwt' })
    const middle = await newService({ audience: [last.client_id] })
    await project.call('PATCH', `/admin/clients/${service.client_id}`, {
      json: [{ op: 'replace', path: '/audience', value: [middle.client_id] }],
    })
    const { access_token: token } = await personToken()
    const { body: first } = await exchange(service, token, { audience: middle.client_id })
    const { body: second } = await exchange(middle, first.access_token, { audience: last.client_id })
    const { body: third } = await exchange(last, second.access_token)
    expect(decodeJwt(third.access_token)).toMatchObject({
      sub: 'ada',
      act: { sub: last.client_id, act: { sub: middle.client_id, act: { sub: service.client_id } } },
    })
  })

  test('takes the actor from a token of the client', async () => {
    const { access_token: token } = await personToken()
    const { body: own } = await tokenRequest(project, service, { grant_type: 'client_credentials', scope: 'c' })
    const actor = { actor_token: own.access_token, actor_token_type: accessTokenType }
    const { body } = await exchange(service, token, actor)
    expect((await introspect(project, body.access_token)).act).toEqual({ sub: service.client_id })
    const stranger = await newService()
    const { body: foreign } = await tokenRequest(project, stranger, { grant_type: 'client_credentials' })
    expect(await exchange(service, token, { ...actor, actor_token: foreign.access_token })).toMatchObject(
      invalidRequest,
    )
    expect(await exchange(service, token, { ...actor, actor_token: 'none' })).toMatchObject(invalidRequest)
    expect(await exchange(service, token, { actor_token: own.access_token })).toMatchObject(invalidRequest)
  })

  test('gives no more scopes and audiences than the token has and the client may ask for', async () => {
    const { access_token: token } = await personToken()
    expect((await exchange(service, token, { scope: 'a' })).body.scope).toBe('a')
    for (const scope of ['b', 'c', 'a b', 'offline_access'])
      expect(await exchange(service, token, { scope })).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    const { body } = await exchange(service, token, { audience: 'https://mail.example.org/' })
    expect((await introspect(project, body.access_token)).aud).toEqual(['https://mail.example.org/'])
    expect(await exchange(service, token, { audience: photos })).toMatchObject(invalidRequest)
  })

  test('takes resources like audiences', async () => {
    project.ctx.config.oauth2.oauth2.resource_indicators.enabled = true
    const { access_token: token } = await personToken({ audience: `${service.client_id} ${photos}` })
    const { body } = await exchange(service, token, { resource: photos })
    expect((await introspect(project, body.access_token)).aud).toEqual([photos])
    const refused = await exchange(service, token, { resource: 'https://other.example.org/' })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  test('lasts no longer than the token that it came from', async () => {
    const { access_token: token } = await personToken()
    const { exp } = await introspect(project, token)
    app.clock.advance(600_000)
    const { body } = await exchange(service, token)
    expect((await introspect(project, body.access_token)).exp).toBe(exp)
    expect(body.expires_in).toBe(exp - Math.floor(app.clock.now() / 1000))
  })

  test('ends with the tokens of the person, and is revoked without them', async () => {
    const { access_token: token, refresh_token: refresh } = await personToken()
    const [{ body: one }, { body: two }] = [await exchange(service, token), await exchange(service, token)]
    const revoke = ({ client_id, client_secret }: TestClient, revoked: string) =>
      post(project, '/oauth2/revoke', { client_id, client_secret, token: revoked })
    await revoke(service, one.access_token)
    expect(await isActive(project, one.access_token)).toBe(false)
    expect(await isActive(project, two.access_token)).toBe(true)
    expect(await isActive(project, token)).toBe(true)
    await revoke(front, refresh)
    expect(await isActive(project, two.access_token)).toBe(false)
  })

  test('is refused with the token of somebody else', async () => {
    const { access_token: token } = await personToken({ audience: photos })
    expect(await exchange(service, token)).toMatchObject(invalidRequest)
    const { access_token: own, refresh_token: refresh } = await personToken()
    expect(await exchange(service, refresh)).toMatchObject(invalidRequest)
    expect(await exchange(service, `${own}x`)).toMatchObject(invalidRequest)
    const other = await app.project()
    other.ctx.config.oauth2.oauth2.token_exchange.enabled = true
    const elsewhere = await createClient(other, { grant_types: [tokenExchangeGrantType], client_id: service.client_id })
    const form = { grant_type: tokenExchangeGrantType, subject_token: own, subject_token_type: accessTokenType }
    expect(await tokenRequest(other, elsewhere, form)).toMatchObject(invalidRequest)
  })

  test.each([
    ['no subject token', { subject_token: '', subject_token_type: '' }],
    ['another type of subject token', { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }],
    ['another type that is asked for', { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }],
  ])('is refused with %s', async (_, more) => {
    const { access_token: token } = await personToken()
    expect(await exchange(service, token, more)).toMatchObject(invalidRequest)
  })

  test('is for clients with a secret that were given the grant', async () => {
    const { access_token: token } = await personToken()
    const unauthorized = { status: 400, body: { error: 'unauthorized_client' } }
    expect(await exchange(front, token)).toMatchObject(unauthorized)
    const open = await newService({ token_endpoint_auth_method: 'none' })
    const form = { grant_type: tokenExchangeGrantType, subject_token: token, subject_token_type: accessTokenType }
    const { client_id } = open
    expect(await post(project, '/oauth2/token', { ...form, client_id })).toMatchObject(unauthorized)
    project.ctx.config.oauth2.oauth2.token_exchange.enabled = false
    // Like any other grant that is not known, and whoever asks.
    expect(await exchange(service, token)).toMatchObject(invalidRequest)
    expect(await exchange({ ...service, client_secret: 'wrong' }, token)).toMatchObject(invalidRequest)
  })

  test('is in the metadata of the server where it is on', async () => {
    const supported = async () =>
      (await project.call('GET', '/.well-known/openid-configuration', { token: null })).body.grant_types_supported
    expect(await supported()).toContain(tokenExchangeGrantType)
    project.ctx.config.oauth2.oauth2.token_exchange.enabled = false
    expect(await supported()).not.toContain(tokenExchangeGrantType)
  })

  test('refuses tokens that passed through too many', async () => {
    const loop = await newService()
    await project.call('PATCH', `/admin/clients/${loop.client_id}`, {
      json: [{ op: 'replace', path: '/audience', value: [loop.client_id] }],
    })
    let { access_token: token } = await personToken()
    token = (await exchange(service, token)).body.access_token
    for (let parties = 1; parties < 8; parties++) token = (await exchange(service, token)).body.access_token
    expect((await introspect(project, token)).active).toBe(true)
    expect(await exchange(service, token)).toMatchObject(invalidRequest)
  })

  test('needs the key of a bound token of the client itself, and binds the new one to the key of the request', async () => {
    useDpop(project)
    const [prover, thief] = [await newProver(), await newProver()]
    const own = await newService()
    const bound = { grant_type: 'client_credentials', scope: 'a' }
    const { body } = await tokenRequestWith(project, own, { ...bound, proof: await prover.prove(project, {}) })
    const form = {
      grant_type: tokenExchangeGrantType,
      subject_token: body.access_token,
      subject_token_type: accessTokenType,
    }
    const by = async (one: typeof prover) =>
      tokenRequestWith(project, own, { ...form, proof: await one.prove(project, {}) })
    expect(await exchange(own, body.access_token)).toMatchObject(invalidRequest)
    expect(await by(thief)).toMatchObject(invalidRequest)
    const exchanged = await by(prover)
    expect(exchanged.body.token_type).toBe('DPoP')
    expect((await introspect(project, exchanged.body.access_token)).cnf).toEqual({ jkt: prover.thumbprint })
  })
})
