import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
import { newProver, type Prover, tokenRequestWith, useDpop } from '../../../test/dpop.ts'
import {
  accept,
  agree,
  browserAt,
  callback,
  createClient,
  locationOf,
  routes,
  type TestClient,
} from '../../../test/oauth2-flows.ts'

describe('the proof of a pushed authorization request (RFC 9449, section 10.1)', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  let prover: Prover
  beforeAll(async () => {
    app = await openTestApp('memory', routes)
    prover = await newProver()
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    useDpop(project)
    Object.assign(project.ctx.config.oauth2.oauth2.pushed_requests, { enabled: true })
    client = await createClient(project)
  })

  const push = (proof: string | undefined, more: object = {}) => {
    const { client_id, client_secret } = client
    const request = { response_type: 'code', scope: 'openid', redirect_uri: callback, state: 'a state of some length' }
    return project.call('POST', '/oauth2/par', {
      token: null,
      text: new URLSearchParams({ client_id, client_secret, ...request, ...more }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...(proof !== undefined && { dpop: proof }) },
    })
  }
  const prove = () => prover.prove(project, { path: '/oauth2/par' })

  test('binds the code to its key', async () => {
    const { body: pushed } = await push(await prove())
    const browser = browserAt(project)
    const query = new URLSearchParams({ client_id: client.client_id, request_uri: pushed.request_uri })
    const login = locationOf(await browser.get(`/oauth2/auth?${query}`)).searchParams.get('login_challenge') ?? ''
    const { body } = await accept(project, 'login', login, { subject: 'ada' })
    const end = await agree(project, browser, { url: body.redirect_to, consent: {} })
    const form = { grant_type: 'authorization_code', code: end.searchParams.get('code'), redirect_uri: callback }
    const thief = await (await newProver()).prove(project, {})
    expect((await tokenRequestWith(project, client, { ...form, proof: thief })).body.error).toBe('invalid_grant')
    expect((await tokenRequestWith(project, client, form)).body.error).toBe('invalid_grant')
    const proof = await prover.prove(project, {})
    expect((await tokenRequestWith(project, client, { ...form, proof })).body.token_type).toBe('DPoP')
  })

  test('must be for the endpoint, and agree with dpop_jkt', async () => {
    const refused = { status: 400, body: { error: 'invalid_dpop_proof' } }
    expect(await push(await prover.prove(project, {}))).toMatchObject(refused)
    expect(await push(await prove(), { dpop_jkt: (await newProver()).thumbprint })).toMatchObject(refused)
    expect((await push(await prove(), { dpop_jkt: prover.thumbprint })).status).toBe(201)
  })
})
