import type { X509Certificate } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type TestAnswer, type TestProject } from '../../../test/app.ts'
import { certificate, headerOf, thumbprint } from '../../../test/client-certificates.ts'
import { introspect } from '../../../test/dpop.ts'
import { authorize, callback, createClient, routes } from '../../../test/oauth2-flows.ts'

const own = await certificate('client')
const impostor = await certificate('impostor')
const expired = await certificate('expired-client')
const selfSigned = await certificate('self-signed-client')
const authority = await certificate('client-authority')
const subject = { tls_client_auth_subject_dn: 'CN=reports,O=Harbour\\, Ltd,C=DE' }
const byAuthority = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'tls_client_auth' }
const bySelf = {
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'self_signed_tls_client_auth',
  jwks: { keys: [selfSigned.publicKey.export({ format: 'jwk' })] },
}
const refused = { status: 401, body: { error: 'invalid_client' } }

describe('client certificates (RFC 8705)', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp('memory', routes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    use({
      enabled: true,
      trusted_proxies: ['127.0.0.0/8', '::1'],
      certificate_authorities: [authority.toString()],
    })
  })

  const use = (settings: object) => Object.assign(project.ctx.config.oauth2.oauth2.mtls, settings)
  const post = (path: string, form: object, headers: Record<string, string> = {}) =>
    project.call('POST', path, {
      token: null,
      text: new URLSearchParams({ ...form } as Record<string, string>).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
  const tokenWith = (clientId: string, of?: X509Certificate): Promise<TestAnswer> =>
    post('/oauth2/token', { grant_type: 'client_credentials', client_id: clientId }, of && headerOf(of))
  const refusal = async (client: object) => {
    const { status, body } = await project.call('POST', '/admin/clients', { json: client })
    return { status, error: body.error }
  }

  describe('issued by an authority (tls_client_auth)', () => {
    test.each([
      subject,
      { tls_client_auth_san_dns: 'reports.example.org' },
      { tls_client_auth_san_uri: 'https://reports.example.org/' },
      { tls_client_auth_san_ip: '192.0.2.7' },
      { tls_client_auth_san_email: 'reports@example.org' },
    ])('authenticate the client with %o', async (names) => {
      const { client_id } = await createClient(project, { ...byAuthority, ...names })
      expect((await tokenWith(client_id, own)).status).toBe(200)
      expect((await post('/oauth2/revoke', { client_id, token: 'x' }, headerOf(own))).status).toBe(200)
      expect(await tokenWith(client_id, impostor)).toMatchObject(refused)
      expect(await tokenWith(client_id, expired)).toMatchObject(refused)
      expect(await tokenWith(client_id, selfSigned)).toMatchObject(refused)
      expect(await tokenWith(client_id)).toMatchObject(refused)
    })

    test('of another client are refused', async () => {
      const other = { tls_client_auth_san_dns: 'other.example.org' }
      const { client_id } = await createClient(project, { ...byAuthority, ...other })
      expect(await tokenWith(client_id, own)).toMatchObject(refused)
    })

    test('are not replaced by the secret of the client', async () => {
      const client = await createClient(project, { ...byAuthority, ...subject, client_secret: 'secret-of-length' })
      const form = { grant_type: 'client_credentials', client_id: client.client_id, client_secret: 'secret-of-length' }
      expect(await post('/oauth2/token', form)).toMatchObject(refused)
      const basic = Buffer.from(`${client.client_id}:secret-of-length`).toString('base64')
      const headers = { authorization: `Basic ${basic}` }
      expect(await post('/oauth2/token', { grant_type: 'client_credentials' }, headers)).toMatchObject(refused)
    })
  })

  describe('that a client has registered (self_signed_tls_client_auth)', () => {
    test.each([
      ['by their key', bySelf],
      [
        'themselves',
        { ...bySelf, jwks: { keys: [{ ...bySelf.jwks.keys[0], x5c: [selfSigned.raw.toString('base64')] }] } },
      ],
    ])('%s authenticate it', async (_, metadata) => {
      const { client_id } = await createClient(project, metadata)
      expect((await tokenWith(client_id, selfSigned)).status).toBe(200)
      expect(await tokenWith(client_id, own)).toMatchObject(refused)
      expect(await tokenWith(client_id)).toMatchObject(refused)
    })

    test('count as certificates, not as keys, if they are given', async () => {
      const jwks = { keys: [{ ...bySelf.jwks.keys[0], x5c: [own.raw.toString('base64')] }] }
      const { client_id } = await createClient(project, { ...bySelf, jwks })
      expect(await tokenWith(client_id, selfSigned)).toMatchObject(refused)
    })
  })

  describe('in a header', () => {
    let clientId: string
    beforeEach(async () => {
      clientId = (await createClient(project, bySelf)).client_id
    })

    test.each([[], ['10.0.0.0/8'], ['127.0.0.2'], ['::/0']])(
      'do not count from a peer outside %j',
      async (...ranges) => {
        use({ trusted_proxies: ranges.filter(Boolean) })
        expect(await tokenWith(clientId, selfSigned)).toMatchObject(refused)
      },
    )

    test('do not count because somebody says who forwarded it', async () => {
      use({ trusted_proxies: ['10.0.0.1'] })
      const headers = { ...headerOf(selfSigned), 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' }
      const form = { grant_type: 'client_credentials', client_id: clientId }
      expect(await post('/oauth2/token', form, headers)).toMatchObject(refused)
    })

    test('may be PEM in percent-encoding, in a header with another name', async () => {
      use({ certificate_header: 'x-client-certificate' })
      const form = { grant_type: 'client_credentials', client_id: clientId }
      const encoded = encodeURIComponent(selfSigned.toString())
      expect((await post('/oauth2/token', form, { 'x-client-certificate': encoded })).status).toBe(200)
      expect(await tokenWith(clientId, selfSigned)).toMatchObject(refused)
    })

    test.each(['x', '::', ':AAAA:', '%', `:${'A'.repeat(20_000)}:`])(
      'that are none (%#) are a bad request',
      async (text) => {
        const form = { grant_type: 'client_credentials', client_id: clientId }
        const answer = await post('/oauth2/token', form, { 'client-cert': text })
        expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      },
    )
  })

  describe('that tokens are bound to', () => {
    const bound = { ...bySelf, tls_client_certificate_bound_access_tokens: true }

    test('are named by the token and by introspection', async () => {
      const { client_id } = await createClient(project, { ...bound, access_token_strategy: 'jwt' })
      const { body } = await tokenWith(client_id, selfSigned)
      const cnf = { 'x5t#S256': thumbprint(selfSigned) }
      expect(decodeJwt(body.access_token)).toMatchObject({ cnf })
      expect(await introspect(project, body.access_token)).toMatchObject({ active: true, cnf, token_type: 'Bearer' })
    })

    test('are required at userinfo, also after the feature was turned off', async () => {
      const client = await createClient(project, { tls_client_certificate_bound_access_tokens: true })
      const { client_id, client_secret } = client
      const code = (await authorize(project, client)).searchParams.get('code')
      const form = { client_id, client_secret, grant_type: 'authorization_code', code, redirect_uri: callback }
      const missing = await post('/oauth2/token', form)
      expect(missing).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      const { body } = await post('/oauth2/token', form, headerOf(own))
      const ask = (headers: Record<string, string>) =>
        project.call('GET', '/userinfo', { token: body.access_token, headers })
      expect((await ask(headerOf(own))).body.sub).toBe('ada')
      const challenge = { 'www-authenticate': expect.stringContaining('Bearer error="invalid_token"') }
      expect(await ask(headerOf(selfSigned))).toMatchObject({ status: 401, headers: challenge })
      expect(await ask({})).toMatchObject({ status: 401, headers: challenge })
      const json = { format: 'jwt_vc_json' }
      const credential = await project.call('POST', '/credentials', { json, token: body.access_token })
      expect(credential).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
      use({ enabled: false })
      expect(await ask(headerOf(own))).toMatchObject({ status: 401, headers: challenge })
    })

    test('are required to refresh tokens of public clients', async () => {
      const metadata = { token_endpoint_auth_method: 'none', tls_client_certificate_bound_access_tokens: true }
      const client = await createClient(project, metadata)
      const { client_id } = client
      const code = (await authorize(project, client)).searchParams.get('code')
      const form = { client_id, grant_type: 'authorization_code', code, redirect_uri: callback }
      const { body } = await post('/oauth2/token', form, headerOf(own))
      const refresh = { client_id, grant_type: 'refresh_token', refresh_token: body.refresh_token }
      const invalid = { status: 400, body: { error: 'invalid_grant' } }
      expect(await post('/oauth2/token', refresh, headerOf(selfSigned))).toMatchObject(invalid)
      expect((await post('/oauth2/token', refresh, headerOf(own))).status).toBe(200)
    })
  })

  test('are checked where clients are made', async () => {
    const invalid = { status: 400, error: 'invalid_client_metadata' }
    expect(await refusal(byAuthority)).toEqual(invalid)
    expect(await refusal({ ...byAuthority, ...subject, tls_client_auth_san_dns: 'reports.example.org' })).toEqual(
      invalid,
    )
    expect(await refusal({ ...byAuthority, tls_client_auth_san_ip: 'reports' })).toEqual(invalid)
    expect(await refusal(subject)).toEqual(invalid)
    expect(await refusal({ ...bySelf, jwks: undefined })).toEqual(invalid)
    use({ certificate_authorities: [] })
    expect(await refusal({ ...byAuthority, ...subject })).toEqual(invalid)
    use({ enabled: false })
    expect(await refusal(bySelf)).toEqual(invalid)
    expect(await refusal({ tls_client_certificate_bound_access_tokens: true })).toEqual(invalid)
  })

  test('authenticate nobody while the feature is off', async () => {
    const { client_id } = await createClient(project, bySelf)
    use({ enabled: false })
    expect(await tokenWith(client_id, selfSigned)).toMatchObject(refused)
  })

  test('are announced in the discovery document', async () => {
    const metadata = async () => (await project.call('GET', '/.well-known/openid-configuration', { token: null })).body
    use({ public_url: 'https://mtls.example.org/' })
    const announced = await metadata()
    expect(announced.token_endpoint_auth_methods_supported).toContain('tls_client_auth')
    expect(announced.token_endpoint_auth_methods_supported).toContain('self_signed_tls_client_auth')
    expect(announced.tls_client_certificate_bound_access_tokens).toBe(true)
    expect(announced.mtls_endpoint_aliases.token_endpoint).toBe('https://mtls.example.org/oauth2/token')
    use({ enabled: false })
    const silent = await metadata()
    expect(silent.token_endpoint_auth_methods_supported).not.toContain('self_signed_tls_client_auth')
    expect(silent).not.toHaveProperty('mtls_endpoint_aliases')
  })
})
