import { exportJWK, generateKeyPair, generateSecret, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import {
  introspect,
  newProver,
  type ProofParts,
  type Prover,
  tokenRequestWith,
  urlOf,
  useDpop,
} from '../../../test/dpop.ts'
import { createClient, routes, type TestClient } from '../../../test/oauth2-flows.ts'

const forItself = { grant_type: 'client_credentials' }
const refused = { status: 400, body: { error: 'invalid_dpop_proof' } }

describe.each(dsns)('a DPoP proof on %s (RFC 9449, section 4.3)', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  let prover: Prover
  beforeAll(async () => {
    app = await openTestApp(dsn, routes)
    prover = await newProver()
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    useDpop(project)
    client = await createClient(project, { grant_types: ['client_credentials'] })
  })

  const send = (proof: string | undefined) => tokenRequestWith(project, client, { ...forItself, proof })
  const sendProof = async (parts: ProofParts = {}) => send(await prover.prove(project, parts))

  test('binds the tokens of the request to its key', async () => {
    const { status, body } = await sendProof()
    expect({ status, type: body.token_type }).toEqual({ status: 200, type: 'DPoP' })
    expect(await introspect(project, body.access_token)).toMatchObject({
      active: true,
      token_type: 'DPoP',
      cnf: { jkt: prover.thumbprint },
    })
  })

  test.each(['ES384', 'ES512', 'EdDSA', 'PS256', 'RS256'])('may be signed with %s', async (algorithm) => {
    const other = await newProver(algorithm)
    const { body } = await send(await other.prove(project, {}))
    expect((await introspect(project, body.access_token)).cnf).toEqual({ jkt: other.thumbprint })
  })

  test('counts for the URL in any spelling, with any query and fragment', async () => {
    const url = new URL(urlOf(project, '/oauth2/token'))
    const htu = `${url.protocol}//${url.host.toUpperCase()}/oauth2/../oauth2/token?a=b#c`
    expect((await sendProof({ claims: { htu } })).status).toBe(200)
  })

  const wrong: [what: string, parts: ProofParts][] = [
    ['another method', { method: 'GET' }],
    ['no method', { claims: { htm: undefined } }],
    ['another URL', { path: '/userinfo' }],
    ['the URL of another server', { claims: { htu: 'https://evil.example.org/oauth2/token' } }],
    ['no URL', { claims: { htu: undefined } }],
    ['a URL that is none', { claims: { htu: 'token' } }],
    ['no id', { claims: { jti: undefined } }],
    ['an empty id', { claims: { jti: '' } }],
    ['an id that is no text', { claims: { jti: 7 } }],
    ['an id that is too long', { claims: { jti: 'a'.repeat(257) } }],
    ['no time', { claims: { iat: undefined } }],
    ['a time that is no number', { claims: { iat: '1' } }],
    ['a time long ago', { claims: { iat: 1 } }],
    ['a time far in the future', { claims: { iat: 99_999_999_999 } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['no key', { header: { jwk: undefined } }],
    ['a key that is no object', { header: { jwk: 'key' } }],
    ['a key of an unknown type', { header: { jwk: { kty: 'constructor', crv: 'P-256', x: 'a', y: 'b' } } }],
    ['a point that is not on the curve', { header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AQAB', y: 'AQAB' } } }],
  ]
  test.each(wrong)('with %s is refused', async (_what, parts) => {
    expect(await sendProof(parts)).toMatchObject(refused)
  })

  test('with the key of somebody else is refused', async () => {
    const { jwk } = await newProver()
    expect(await sendProof({ header: { jwk } })).toMatchObject(refused)
  })

  test('with its private key in its header is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const claims = { jti: 'one', htm: 'POST', htu: urlOf(project, '/oauth2/token'), iat: app.clock.now() / 1000 }
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(privateKey) }
    expect(await send(await new SignJWT(claims).setProtectedHeader(header).sign(privateKey))).toMatchObject(refused)
  })

  test('without a signature, or with a symmetric one, is refused', async () => {
    const claims = { jti: 'one', htm: 'POST', htu: urlOf(project, '/oauth2/token'), iat: app.clock.now() / 1000 }
    const unsigned = new UnsecuredJWT(claims).encode()
    expect(await send(unsigned)).toMatchObject(refused)
    const secret = await generateSecret('HS256', { extractable: true })
    const jwk = await exportJWK(secret)
    const symmetric = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk })
    expect(await send(await symmetric.sign(secret))).toMatchObject(refused)
  })

  test('with an algorithm that is not configured is refused', async () => {
    useDpop(project, { signing_algorithms: ['EdDSA'] })
    expect(await sendProof()).toMatchObject(refused)
  })

  test('that was modified is refused', async () => {
    const [header, , signature] = (await prover.prove(project, {})).split('.')
    const claims = { jti: 'other', htm: 'POST', htu: urlOf(project, '/oauth2/token'), iat: app.clock.now() / 1000 }
    const modified = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
    expect(await send(modified)).toMatchObject(refused)
  })

  test.each(['', 'x', 'a.b.c', '....', `${'a'.repeat(9000)}.b.c`])('that is no JWT (%#) is refused', async (text) => {
    expect(await send(text)).toMatchObject(refused)
  })

  test('is refused beside a second one', async () => {
    const [one, two] = [await prover.prove(project, {}), await prover.prove(project, {})]
    expect(await send(`${one}, ${two}`)).toMatchObject(refused)
  })

  test('expires', async () => {
    const proof = await prover.prove(project, {})
    app.clock.advance(62_000)
    expect(await send(proof)).toMatchObject(refused)
  })

  test('of fifty simultaneous uses is good for one', async () => {
    const proof = await prover.prove(project, {})
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(proof)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error === 'invalid_dpop_proof')).toHaveLength(49)
  })

  test('is not spent by one with the same id and another key', async () => {
    const other = await newProver()
    const claims = { jti: 'the same' }
    expect((await send(await other.prove(project, { claims }))).status).toBe(200)
    expect((await sendProof({ claims })).status).toBe(200)
    expect(await sendProof({ claims })).toMatchObject(refused)
  })

  test('is ignored while the feature is off, and a client that needs one gets no tokens then', async () => {
    const bound = await createClient(project, { grant_types: ['client_credentials'], dpop_bound_access_tokens: true })
    useDpop(project, { enabled: false })
    const { body } = await sendProof({ claims: { htm: 'nothing' } })
    expect(body.token_type).toBe('bearer')
    const proof = await prover.prove(project, {})
    expect(await tokenRequestWith(project, bound, { ...forItself, proof })).toMatchObject(refused)
    const json = { dpop_bound_access_tokens: true }
    const answer = await project.call('POST', '/admin/clients', { json })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })

  test('is required of a client that asked for it', async () => {
    const bound = await createClient(project, { grant_types: ['client_credentials'], dpop_bound_access_tokens: true })
    expect(bound).toMatchObject({ dpop_bound_access_tokens: true })
    expect(await tokenRequestWith(project, bound, forItself)).toMatchObject(refused)
    const proof = await prover.prove(project, {})
    expect((await tokenRequestWith(project, bound, { ...forItself, proof })).status).toBe(200)
  })

  test('is announced in the discovery document', async () => {
    const metadata = async () => (await project.call('GET', '/.well-known/openid-configuration', { token: null })).body
    expect((await metadata()).dpop_signing_alg_values_supported).toContain('ES256')
    useDpop(project, { enabled: false })
    expect(await metadata()).not.toHaveProperty('dpop_signing_alg_values_supported')
  })
})
