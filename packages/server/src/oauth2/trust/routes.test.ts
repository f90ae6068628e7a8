import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { issuer, key, trustPath as path, stranger, trusted, trustRoutes } from '../../../test/trusted-issuers.ts'

describe.each(dsns)('trusted issuers on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, trustRoutes)
  })
  afterAll(() => app.close())
  beforeEach(async () => {
    project = await app.project()
  })

  const post = (json: object) => project.call('POST', path, { json })
  const trust = async (more: object = {}) => (await post({ ...trusted, ...more })).body

  test('need a token of the project', async () => {
    for (const [method, at] of [
      ['GET', path],
      ['POST', path],
      ['GET', `${path}/x`],
      ['DELETE', `${path}/x`],
    ] as const)
      expect((await project.call(method, at, { json: {}, token: null })).status).toBe(401)
  })

  test('are created, shown, and not created twice', async () => {
    const made = await post({ ...trusted, expires_at: '2090-01-01T00:00:00.4+02:00' })
    const { id } = made.body
    expect([made.status, made.headers.location]).toEqual([201, `/trust/grants/jwt-bearer/issuers/${id}`])
    expect(made.body).toEqual({
      id,
      issuer,
      subject: 'ada',
      allow_any_subject: false,
      scope: ['read', 'photos'],
      public_key: { set: issuer, kid: 'key' },
      created_at: '2026-01-01T00:00:00Z',
      expires_at: '2089-12-31T22:00:00Z',
    })
    expect((await project.call('GET', `${path}/${id}`)).body).toEqual(made.body)
    const again = await post(trusted)
    expect([again.status, again.body]).toEqual([409, { error: expect.any(String), error_description: '' }])
    const any = await post({ ...trusted, subject: undefined, allow_any_subject: true, scope: undefined })
    expect(any.body).toMatchObject({ subject: '', allow_any_subject: true, scope: [] })
  })

  test('keep the public part of their key only, in the set with the name of the issuer', async () => {
    await trust({ jwk: key.private })
    const { body } = await project.call('GET', `/admin/keys/${encodeURIComponent(issuer)}/key`)
    expect(body).toEqual({ keys: [key.jwk] })
  })

  test('are refused with another key of the same ID, and nothing changes', async () => {
    await trust()
    const { status } = await post({ ...trusted, subject: 'bob', jwk: stranger.jwk })
    expect(status).toBe(409)
    expect((await project.call('GET', path)).body).toHaveLength(1)
    expect((await project.call('GET', `/admin/keys/${encodeURIComponent(issuer)}/key`)).body.keys).toEqual([key.jwk])
  })

  test.each<[string, object, string]>([
    ['no issuer', { issuer: undefined }, 'missing_required_parameter'],
    ['no subject', { subject: undefined }, 'missing_required_parameter'],
    ['a subject and any subject', { allow_any_subject: true }, 'missing_required_parameter'],
    ['no expiry', { expires_at: undefined }, 'missing_required_parameter'],
    ['no key', { jwk: undefined }, 'missing_required_parameter'],
    ['a key without an ID', { jwk: { ...key.jwk, kid: undefined } }, 'missing_required_parameter'],
    ['an expiry that is no time', { expires_at: 'soon' }, 'error'],
    ['a leap second', { expires_at: '2090-12-31T23:59:60Z' }, 'error'],
    ['a broken key', { jwk: { kty: 'RSA', kid: 'broken' } }, 'error'],
    ['a secret', { jwk: { kty: 'oct', kid: 'secret', k: 'c'.repeat(44) } }, 'error'],
    ['a scope that is no list', { scope: 'read' }, 'error'],
    ['a long subject', { subject: 'a'.repeat(256) }, 'error'],
    ['a long issuer', { issuer: 'a'.repeat(256) }, 'error'],
    ['too many scopes', { scope: Array.from({ length: 250 }, (_, i) => `${i}`) }, 'error'],
    ['the name of the keys of ID tokens', { issuer: 'hydra.openid.id-token' }, 'error'],
    ['the name of the keys of access tokens', { issuer: 'hydra.jwt.access-token' }, 'error'],
  ])('are refused with %s', async (_, more, error) => {
    const { status, body } = await post({ ...trusted, ...more })
    expect([status, body]).toEqual([400, { error, error_description: expect.stringMatching(/./) }])
    expect((await project.call('GET', path)).body).toEqual([])
    expect((await project.call('GET', `/admin/keys/${encodeURIComponent(issuer)}`)).status).toBe(404)
  })

  test('are listed in pages, also of one issuer', async () => {
    for (const subject of ['ada', 'bob', 'eve']) await trust({ subject })
    await trust({ issuer: 'https://other.example.org' })
    const subjects: string[] = []
    for (let url = `${path}?issuer=${encodeURIComponent(issuer)}&page_size=2`; url; ) {
      const { body, headers } = await project.call('GET', url)
      subjects.push(...body.map(({ subject }: { subject: string }) => subject))
      url = /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1] ?? ''
    }
    expect(subjects.sort()).toEqual(['ada', 'bob', 'eve'])
    expect((await project.call('GET', path)).body).toHaveLength(4)
    expect((await project.call('GET', `${path}?issuer=nobody`)).body).toEqual([])
    expect((await project.call('GET', `${path}?page_token=forged`)).status).toBe(400)
    expect((await project.call('GET', `${path}?page_size=many`)).status).toBe(400)
  })

  test('are deleted once, with their key when it is no longer trusted for anybody', async () => {
    const [ada, bob] = [await trust(), await trust({ subject: 'bob' })]
    const keyUrl = `/admin/keys/${encodeURIComponent(issuer)}/key`
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => (await project.call('DELETE', `${path}/${ada.id}`)).status),
    )
    expect(statuses.sort()).toEqual([204, ...Array(7).fill(404)])
    expect((await project.call('GET', `${path}/${ada.id}`)).status).toBe(404)
    expect((await project.call('GET', keyUrl)).status).toBe(200)
    expect((await project.call('DELETE', `${path}/${bob.id}`)).status).toBe(204)
    expect((await project.call('GET', keyUrl)).status).toBe(404)
  })

  test('are invisible to other projects', async () => {
    const { id } = await trust()
    const other = await app.project()
    expect((await other.call('GET', path)).body).toEqual([])
    for (const method of ['GET', 'DELETE'] as const)
      expect((await other.call(method, `${path}/${id}`)).status).toBe(404)
    expect((await other.call('POST', path, { json: { ...trusted, jwk: stranger.jwk } })).status).toBe(201)
    expect((await project.call('GET', `${path}/${id}`)).status).toBe(200)
  })

  test('refuse an ID that is no UUID', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const { status, body } = await project.call(method, `${path}/not-a-uuid`)
      expect([status, body]).toEqual([
        400,
        { error: expect.any(String), error_description: expect.stringMatching(/./) },
      ])
    }
  })
})
