import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
import {
  authorize,
  browserAt,
  callback,
  createClient,
  locationOf,
  routes,
  type TestClient,
  tokenRequest,
  withLoginElsewhere,
} from '../../../test/oauth2-flows.ts'

const issuer = 'http://localhost:4000'
const state = 'a state of some length'

describe('signed authorization responses (JARM)', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  beforeAll(async () => {
    app = await openTestApp('memory', routes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project(undefined, withLoginElsewhere)
    client = await createClient(project, {
      grant_types: ['authorization_code', 'implicit'],
      response_types: ['code', 'code id_token'],
    })
    setEnabled(true)
  })

  const setEnabled = (enabled: boolean) => Object.assign(project.ctx.config.oauth2.oauth2.signed_responses, { enabled })
  const verify = async (response: string | null) => {
    const { body: keys } = await project.call('GET', '/.well-known/jwks.json')
    const options = { issuer, audience: client.client_id, currentDate: new Date(app.clock.now()) }
    const { payload } = await jwtVerify(response ?? '', createLocalJWKSet(keys), options)
    return payload
  }
  const request = (query: object) =>
    browserAt(project).get(
      `/oauth2/auth?${new URLSearchParams({
        ...{ client_id: client.client_id, response_type: 'code', scope: 'openid', redirect_uri: callback, state },
        ...query,
      })}`,
    )

  test.each(['jwt', 'query.jwt'])('contain the code with %s, in the query', async (responseMode) => {
    const end = await authorize(project, client, { query: { response_mode: responseMode } })
    expect([...end.searchParams.keys()]).toEqual(['response'])
    const { code, ...payload } = await verify(end.searchParams.get('response'))
    expect(payload).toMatchObject({ state, iss: issuer, aud: client.client_id })
    expect(Number(payload.exp) - Number(payload.iat)).toBeLessThanOrEqual(600)
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
    expect((await tokenRequest(project, client, form)).status).toBe(200)
  })

  test.each(['jwt', 'fragment.jwt'])('contain tokens with %s, in the fragment', async (responseMode) => {
    const query = { response_mode: responseMode, response_type: 'code id_token', nonce: 'a nonce of some length' }
    const end = await authorize(project, client, { query })
    expect(end.search).toBe('')
    const parameters = new URLSearchParams(end.hash.slice(1))
    expect([...parameters.keys()]).toEqual(['response'])
    expect(await verify(parameters.get('response'))).toMatchObject({
      code: expect.any(String),
      id_token: expect.any(String),
    })
  })

  test('contain errors as well, also in a form', async () => {
    const refused = locationOf(await request({ prompt: 'none', response_mode: 'query.jwt' })).searchParams
    expect([...refused.keys()]).toEqual(['response'])
    expect(await verify(refused.get('response'))).toMatchObject({ error: 'login_required', state })
    const { body } = await request({ prompt: 'none', response_mode: 'form_post.jwt' })
    expect(body).not.toContain('name="error"')
    const [, response = ''] = /name="response" value="([\w.-]+)"/.exec(body) ?? []
    expect(await verify(response)).toMatchObject({ error: 'login_required', state })
  })

  test('cannot put tokens into the query', async () => {
    const query = { response_mode: 'query.jwt', response_type: 'code id_token', nonce: 'a nonce of some length' }
    const end = await authorize(project, client, { query })
    const payload = await verify(end.searchParams.get('response'))
    expect(payload).toMatchObject({ error: 'unsupported_response_mode' })
    expect(payload).not.toHaveProperty('id_token')
  })

  test('are no ID tokens: they are refused as a hint', async () => {
    const end = await authorize(project, client, { query: { response_mode: 'jwt' } })
    const hint = end.searchParams.get('response') ?? ''
    const again = locationOf(await request({ id_token_hint: hint }))
    expect(again.searchParams.get('error')).toBe('invalid_request')
  })

  test('are in the metadata where they are on, and unknown where they are off', async () => {
    const metadata = async () => (await project.call('GET', '/.well-known/openid-configuration')).body
    const { response_modes_supported: modes, authorization_signing_alg_values_supported: algorithms } = await metadata()
    expect(modes).toEqual(['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'])
    expect(algorithms).toEqual(['RS256'])
    setEnabled(false)
    expect((await metadata()).response_modes_supported).toEqual(['query', 'fragment', 'form_post'])
    expect(await metadata()).not.toHaveProperty('authorization_signing_alg_values_supported')
    const end = locationOf(await request({ response_mode: 'jwt' }))
    expect(end.searchParams.get('error')).toBe('unsupported_response_mode')
  })
})
