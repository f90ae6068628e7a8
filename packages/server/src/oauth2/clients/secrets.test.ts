import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { createClient, routes, type TestClient, tokenRequest } from '../../../test/oauth2-flows.ts'

describe.each(dsns)('secrets of clients on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let client: TestClient
  beforeAll(async () => {
    app = await openTestApp(dsn, routes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
    client = await createClient(project, { grant_types: ['client_credentials'] })
  })

  const statusWith = async (clientSecret: string) =>
    (await tokenRequest(project, { ...client, client_secret: clientSecret }, { grant_type: 'client_credentials' }))
      .status
  const rotate = () => project.call('POST', `/admin/clients/${client.client_id}/secrets/rotate`)

  test('are shown once, and a wrong one is refused', async () => {
    expect(await statusWith(client.client_secret)).toBe(200)
    expect(await statusWith(`${client.client_secret}x`)).toBe(401)
    const { body } = await project.call('GET', `/admin/clients/${client.client_id}`)
    expect(JSON.stringify(body)).not.toContain(client.client_secret)
  })

  test('stay valid after a rotation, five of them, until the old ones are removed', async () => {
    const secrets = [client.client_secret]
    for (let count = 0; count < 6; count++) secrets.push((await rotate()).body.client_secret)
    const statuses = []
    for (const secret of secrets) statuses.push(await statusWith(secret))
    expect(statuses).toEqual([401, 200, 200, 200, 200, 200, 200])
    await project.call('DELETE', `/admin/clients/${client.client_id}/secrets/rotate`)
    expect(await statusWith(secrets[5] ?? '')).toBe(401)
    expect(await statusWith(secrets[6] ?? '')).toBe(200)
  })

  test('of a client that was deleted are worth nothing, nor are its tokens', async () => {
    const { body } = await tokenRequest(project, client, { grant_type: 'client_credentials' })
    await project.call('DELETE', `/admin/clients/${client.client_id}`)
    expect(await statusWith(client.client_secret)).toBe(401)
    const introspected = await project.call('POST', '/admin/oauth2/introspect', {
      text: `token=${body.access_token}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(introspected.body).toEqual({ active: false })
  })

  test('that somebody chose are hashed, slowly', async () => {
    const own = await createClient(project, {
      client_secret: 'chosen by somebody',
      grant_types: ['client_credentials'],
    })
    client = { ...own, client_secret: 'chosen by somebody' }
    expect(await statusWith('chosen by somebody')).toBe(200)
    expect(await statusWith('chosen by somebody else')).toBe(401)
  })
})
