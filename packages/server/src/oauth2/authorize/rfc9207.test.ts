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
  withLoginElsewhere,
} from '../../../test/oauth2-flows.ts'

const issuer = 'http://localhost:4000'

describe('iss in authorization responses (RFC 9207)', () => {
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

  const setEnabled = (enabled: boolean) =>
    Object.assign(project.ctx.config.oauth2.oauth2.issuer_in_responses, { enabled })
  const metadata = async () => (await project.call('GET', '/.well-known/openid-configuration')).body
  const request = (query: object) =>
    browserAt(project).get(
      `/oauth2/auth?${new URLSearchParams({
        client_id: client.client_id,
        response_type: 'code',
        scope: 'openid',
        redirect_uri: callback,
        state: 'a state of some length',
        ...query,
      })}`,
    )

  test('is the issuer of the metadata, which announce it', async () => {
    const end = await authorize(project, client)
    expect(end.searchParams.get('code')).not.toBe(null)
    expect(end.searchParams.getAll('iss')).toEqual([issuer])
    expect(await metadata()).toMatchObject({ issuer, authorization_response_iss_parameter_supported: true })
  })

  test('is where the other parameters are: in the fragment, or in the form', async () => {
    const query = { response_type: 'code id_token', nonce: 'a nonce of some length' }
    const end = await authorize(project, client, { query })
    expect(new URLSearchParams(end.hash.slice(1)).get('iss')).toBe(issuer)
    expect(end.searchParams.has('iss')).toBe(false)
    const { body } = await request({ prompt: 'none', response_mode: 'form_post' })
    expect(body).toContain(`name="iss" value="${issuer}"`)
  })

  test('is in errors for the client, and not in those for the person', async () => {
    const refused = locationOf(await request({ prompt: 'none' }))
    expect(refused.searchParams.get('error')).toBe('login_required')
    expect(refused.searchParams.get('iss')).toBe(issuer)
    const shown = locationOf(await request({ redirect_uri: 'https://evil.example.org/' }))
    expect(shown.searchParams.get('error')).toBe('invalid_request')
    expect(shown.searchParams.has('iss')).toBe(false)
  })

  test('cannot be chosen by the request', async () => {
    const end = await authorize(project, client, { query: { iss: 'https://evil.example.org' } })
    expect(end.searchParams.getAll('iss')).toEqual([issuer])
  })

  test('is missing where it is off, as in Hydra', async () => {
    setEnabled(false)
    expect((await authorize(project, client)).searchParams.has('iss')).toBe(false)
    expect(locationOf(await request({ prompt: 'none' })).searchParams.has('iss')).toBe(false)
    expect(await metadata()).not.toHaveProperty('authorization_response_iss_parameter_supported')
  })
})
