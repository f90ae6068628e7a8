import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
import { newProver, type ProofParts, type Prover, tokenRequestWith, useDpop } from '../../../test/dpop.ts'
import { authorize, callback, createClient, routes, tokensOf } from '../../../test/oauth2-flows.ts'

describe('at userinfo, a token that is bound to a key (RFC 9449, section 7)', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let prover: Prover
  let accessToken: string
  beforeAll(async () => {
    app = await openTestApp('memory', routes)
    prover = await newProver()
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    useDpop(project)
    const client = await createClient(project)
    const code = (await authorize(project, client)).searchParams.get('code')
    const proof = await prover.prove(project, {})
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback, proof }
    accessToken = (await tokenRequestWith(project, client, form)).body.access_token
  })

  const at: ProofParts = { method: 'GET', path: '/userinfo' }
  const ask = (scheme: string, proof?: string, token = accessToken) =>
    project.call('GET', '/userinfo', {
      token: null,
      headers: { authorization: `${scheme} ${token}`, ...(proof !== undefined && { dpop: proof }) },
    })
  const askWith = async (parts: ProofParts = {}, by = prover) =>
    ask('DPoP', await by.prove(project, { ...at, accessToken, ...parts }))
  const refusal = (error: string) => ({
    status: 401,
    headers: { 'www-authenticate': expect.stringMatching(new RegExp(`^DPoP error="${error}".*algs="ES256`)) },
  })

  test('is good with a proof of the key', async () => {
    const { status, body } = await askWith()
    expect({ status, sub: body.sub }).toEqual({ status: 200, sub: 'ada' })
  })

  test('is refused as a bearer token, with a proof and without', async () => {
    expect(await ask('Bearer')).toMatchObject(refusal('invalid_token'))
    const proof = await prover.prove(project, { ...at, accessToken })
    expect(await ask('Bearer', proof)).toMatchObject(refusal('invalid_token'))
  })

  test('is refused as a parameter', async () => {
    const answer = await project.call('GET', `/userinfo?access_token=${accessToken}`, { token: null })
    expect(answer).toMatchObject(refusal('invalid_token'))
  })

  test('is refused without a proof, and with one for another token, method or URL', async () => {
    expect(await ask('DPoP')).toMatchObject(refusal('invalid_dpop_proof'))
    expect(await askWith({ accessToken: 'another' })).toMatchObject(refusal('invalid_dpop_proof'))
    expect(await askWith({ claims: { ath: undefined } })).toMatchObject(refusal('invalid_dpop_proof'))
    expect(await askWith({ method: 'POST' })).toMatchObject(refusal('invalid_dpop_proof'))
    expect(await askWith({ path: '/oauth2/token' })).toMatchObject(refusal('invalid_dpop_proof'))
  })

  test('is refused with the proof of another key', async () => {
    expect(await askWith({}, await newProver())).toMatchObject(refusal('invalid_token'))
  })

  test('needs a new proof each time', async () => {
    const proof = await prover.prove(project, { ...at, accessToken })
    expect((await ask('DPoP', proof)).status).toBe(200)
    expect(await ask('DPoP', proof)).toMatchObject(refusal('invalid_dpop_proof'))
  })

  test('needs a nonce where nonces are required', async () => {
    useDpop(project, { nonce_required: true })
    const asked = await askWith()
    expect(asked).toMatchObject(refusal('use_dpop_nonce'))
    expect((await askWith({ claims: { nonce: asked.headers['dpop-nonce'] } })).status).toBe(200)
  })

  test('stays bound after the feature was turned off', async () => {
    useDpop(project, { enabled: false })
    expect(await ask('Bearer')).toMatchObject(refusal('invalid_token'))
    expect((await askWith()).status).toBe(200)
  })

  test('gets no credential without a proof', async () => {
    const json = { format: 'jwt_vc_json', types: ['UserInfoCredential'] }
    const bearer = await project.call('POST', '/credentials', { json, token: accessToken })
    expect(bearer).toMatchObject(refusal('invalid_token'))
    const proof = await prover.prove(project, { path: '/credentials', accessToken })
    const headers = { authorization: `DPoP ${accessToken}`, dpop: proof }
    const { body } = await project.call('POST', '/credentials', { json, token: null, headers })
    expect(body.error).toBe('missing_proof')
  })

  test('is refused with the scheme DPoP if it is a bearer token', async () => {
    const { body } = await tokensOf(project, await createClient(project))
    const proof = await prover.prove(project, { ...at, accessToken: body.access_token })
    expect(await ask('DPoP', proof, body.access_token)).toMatchObject(refusal('invalid_token'))
    expect((await ask('Bearer', undefined, body.access_token)).status).toBe(200)
  })
})
