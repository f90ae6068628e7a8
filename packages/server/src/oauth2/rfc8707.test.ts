import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../test/app.ts'
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
  tokenRequest,
} from '../../test/oauth2-flows.ts'

const photos = 'https://photos.example.org/api'
const mail = 'https://mail.example.org/'
const other = 'https://other.example.org/'

describe('resource indicators (RFC 8707)', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  beforeAll(async () => {
    app = await openTestApp('memory', routes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    setEnabled(true)
    client = await createClient(project, {
      audience: [photos, mail, 'urn:example:books'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    })
  })

  const setEnabled = (enabled: boolean) =>
    Object.assign(project.ctx.config.oauth2.oauth2.resource_indicators, { enabled })
  const audienceOf = async (token: string) => {
    const text = new URLSearchParams({ token }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return (await project.call('POST', '/admin/oauth2/introspect', { text, headers })).body.aud
  }
  const forItself = (...resources: string[]) => {
    const { client_id, client_secret } = client
    const form = new URLSearchParams({ client_id, client_secret, grant_type: 'client_credentials' })
    for (const resource of resources) form.append('resource', resource)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return project.call('POST', '/oauth2/token', { token: null, text: form.toString(), headers })
  }
  /** A code for both resources, of which the consent page was told. */
  const codeForBoth = async () => {
    const browser = browserAt(project)
    const query = new URLSearchParams({
      ...{ client_id: client.client_id, response_type: 'code', scope: 'offline_access', redirect_uri: callback },
      state: 'a state of some length',
    })
    query.append('resource', photos)
    query.append('resource', mail)
    const login = locationOf(await browser.get(`/oauth2/auth?${query}`)).searchParams.get('login_challenge') ?? ''
    const { body } = await accept(project, 'login', login, { subject: 'ada' })
    const consent = { grant_scope: ['offline_access'], grant_access_token_audience: [photos, mail, other] }
    return (await agree(project, browser, { url: body.redirect_to, consent })).searchParams.get('code')
  }
  const exchange = async (more: object = {}) =>
    tokenRequest(project, client, {
      ...{ grant_type: 'authorization_code', code: await codeForBoth(), redirect_uri: callback },
      ...more,
    })

  test('are the audience of the token, if the person grants them', async () => {
    const { body } = await exchange()
    expect(await audienceOf(body.access_token)).toEqual([photos, mail])
  })

  test('of a token request narrow the access token, and not what can be refreshed', async () => {
    const { body: first } = await exchange({ resource: mail })
    expect(await audienceOf(first.access_token)).toEqual([mail])
    const refresh = (refreshToken: string, more: object = {}) =>
      tokenRequest(project, client, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more })
    const { body: second } = await refresh(first.refresh_token, { resource: photos })
    expect(await audienceOf(second.access_token)).toEqual([photos])
    expect(await refresh(second.refresh_token, { resource: other })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    })
    // A refused request has not used the refresh token.
    const { body: third } = await refresh(second.refresh_token)
    expect(await audienceOf(third.access_token)).toEqual([photos, mail])
  })

  test('that were not granted are refused, without using the code', async () => {
    const code = await codeForBoth()
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
    const refused = await tokenRequest(project, client, { ...form, resource: 'urn:example:books' })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect((await tokenRequest(project, client, form)).status).toBe(200)
  })

  test('narrow JWT access tokens as well', async () => {
    client = await createClient(project, { audience: [photos, mail], access_token_strategy: 'jwt' })
    const { body } = await exchange({ resource: mail })
    expect(decodeJwt(body.access_token).aud).toEqual([mail])
  })

  test('are the audience of the token of a client itself', async () => {
    const { body } = await forItself(photos, 'urn:example:books', photos)
    expect(await audienceOf(body.access_token)).toEqual([photos, 'urn:example:books'])
  })

  test.each([
    ['relative', ['/api']],
    ['with a fragment', [`${photos}#part`]],
    ['with an empty fragment', [`${photos}#`]],
    ['with a space', [`${photos} ${mail}`]],
    ['of no scheme', ['photos.example.org']],
    ['that the client may not use', [other]],
    ['that looks like one of the client', ['https://photos.example.org.evil.example/api']],
    ['beside one that the client may use', [photos, other]],
    ['of very many', Array.from({ length: 21 }, (_, i) => `${photos}/${i}`)],
  ])('are refused: one %s', async (_, resources) => {
    expect(await forItself(...resources)).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    const [resource] = resources.slice(-1)
    if (resources.length > 20) return
    const end = await authorize(project, client, { query: { resource } }).catch(() => undefined)
    expect(end?.searchParams.get('code') ?? null).toBe(null)
  })

  test('are checked when they are pushed', async () => {
    const form = {
      ...{ client_id: client.client_id, client_secret: client.client_secret, response_type: 'code' },
      ...{ redirect_uri: callback, scope: 'openid', state: 'a state of some length' },
    }
    expect(await post(project, '/oauth2/par', { ...form, resource: other })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    })
    expect((await post(project, '/oauth2/par', { ...form, resource: photos })).status).toBe(201)
  })

  test('are told to the client as an error of its authorization request', async () => {
    const query = new URLSearchParams({
      ...{ client_id: client.client_id, response_type: 'code', scope: 'openid', redirect_uri: callback },
      ...{ state: 'a state of some length', resource: other },
    })
    const end = locationOf(await browserAt(project).get(`/oauth2/auth?${query}`))
    expect(end.origin).toBe('https://app.example.org')
    expect(end.searchParams.get('error')).toBe('invalid_target')
  })

  test('have no effect where they are off, as in Hydra', async () => {
    setEnabled(false)
    const { status, body } = await forItself('no URI')
    expect(status).toBe(200)
    expect(await audienceOf(body.access_token)).toEqual([])
  })
})
