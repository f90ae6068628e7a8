import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp } from '../../../test/app.ts'
import { createClient, post, routes } from '../../../test/oauth2-flows.ts'
import { findClient, updateClient } from './store.ts'

/** Decision 0069. */
describe.each(dsns)('client_secret_jwt on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  beforeAll(async () => {
    app = await openTestApp(dsn, routes)
  })
  afterAll(() => app.close())

  test('is no method that a client can be created with, or changed to', async () => {
    const project = await app.project()
    const refused = { status: 400, body: { error: 'invalid_client_metadata' } }
    const json = { client_id: 'web', token_endpoint_auth_method: 'client_secret_jwt' }
    expect(await project.call('POST', '/admin/clients', { json })).toMatchObject(refused)
    expect((await project.call('GET', '/admin/clients/web')).status).toBe(404)
    const { client_id } = await createClient(project)
    expect(await project.call('PUT', `/admin/clients/${client_id}`, { json })).toMatchObject(refused)
    const { body } = await project.call('GET', `/admin/clients/${client_id}`)
    expect(body.token_endpoint_auth_method).toBe('client_secret_post')
  })

  test('authenticates nobody, also if a client has it', async () => {
    const project = await app.project()
    const secret = 'a secret of at least thirty-two characters'
    const { client_id } = await createClient(project, { client_secret: secret })
    const client = await findClient(project.ctx, client_id)
    if (!client) throw new Error('the client is missing')
    const metadata = { ...client.metadata, token_endpoint_auth_method: 'client_secret_jwt' }
    await updateClient(project.ctx, { ...client, metadata })
    const assertion = await new SignJWT({ iss: client_id, sub: client_id, jti: 'once' })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(project.ctx.config.oauth2.webfinger.oidc_discovery.token_url)
      .setExpirationTime(Math.floor(app.clock.now() / 1000) + 60)
      .sign(Buffer.from(secret))
    const answer = await post(project, '/oauth2/token', {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toContain('client_secret_jwt is not supported')
  })

  test('is not in the discovery document', async () => {
    const { body } = await (await app.project()).call('GET', '/.well-known/openid-configuration', { token: null })
    expect(body.token_endpoint_auth_methods_supported).not.toContain('client_secret_jwt')
  })
})
