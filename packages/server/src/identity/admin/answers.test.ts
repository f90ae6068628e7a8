import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { identityRoutes } from '../routes.ts'

const nobody = '5f3a2b10-9c1d-4e77-8a55-0123456789ab'
let counter = 0
const freshEmail = (who = 'ada') => `${who}-${++counter}@harbour.example`
const person = (email = freshEmail(), more: object = {}) => ({ schema_id: 'person', traits: { email }, ...more })
const connected = (subject: string, provider = 'acme') =>
  person(freshEmail(), { credentials: { oidc: { config: { providers: [{ provider, subject }] } } } })

/** Admin API responses whose order or format is specific to Kratos. */
describe.each(dsns)('answers to administrators on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, identityRoutes)
    project = await app.project()
  })
  afterAll(() => app.close())

  const create = async (json: object = person(), at = project) =>
    (await at.call('POST', '/admin/identities', { json })).body
  const read = async (id: string, at = project) => (await at.call('GET', `/admin/identities/${id}`)).body

  describe('an identity that is not there', () => {
    const json = { 'content-type': 'application/json' }
    test.each([
      ['a patch that is no list', 'PATCH', '{}'],
      ['a patch of no operation', 'PATCH', '[{"op":"odd","path":"/state"}]'],
      ['a patch of what cannot be patched', 'PATCH', '[{"op":"replace","path":"/id","value":"x"}]'],
      ['a patch that is no JSON', 'PATCH', '[{"op":'],
      ['an empty patch', 'PATCH', ''],
      ['a replacement with an unknown state', 'PUT', '{"state":"odd"}'],
      ['a replacement whose traits do not fit', 'PUT', '{"traits":{"email":"no address"}}'],
      ['a replacement with an unknown hash', 'PUT', '{"credentials":{"password":{"config":{"hashed_password":"x"}}}}'],
    ] as const)('is reported before %s', async (_name, method, text) => {
      const { id } = await create()
      for (const [at, status] of [
        [id, 400],
        [nobody, 404],
        ['nonsense', 404],
      ] as const) {
        const answer = await project.call(method, `/admin/identities/${at}`, { text, headers: json })
        expect([answer.status, answer.body.error.code], at).toEqual([status, status])
      }
    })

    test('is reported after a replacement that is no JSON, or of another content type', async () => {
      const put = (sent: object) => project.call('PUT', `/admin/identities/${nobody}`, sent)
      expect((await put({ text: '{"state":', headers: json })).status).toBe(400)
      expect((await put({ text: '{}', headers: { 'content-type': 'text/plain' } })).status).toBe(400)
    })
  })

  describe('a change', () => {
    test('that is null is a patch without operations', async () => {
      const { id } = await create(person(freshEmail(), { metadata_public: { kept: 1 } }))
      const before = await read(id)
      app.clock.advance(1000)
      const { status, body } = await project.call('PATCH', `/admin/identities/${id}`, { text: 'null' })
      expect(status).toBe(200)
      expect(body).toMatchObject({ traits: before.traits, metadata_public: { kept: 1 } })
      const { updated_at: updatedAt, ...after } = await read(id)
      expect({ ...after, updated_at: before.updated_at }).toEqual(before)
      expect(Date.parse(updatedAt)).toBe(Date.parse(before.updated_at) + 1000)
    })

    test('to a hash of no known format is refused by name', async () => {
      const { id } = await create(
        person(freshEmail(), { credentials: { password: { config: { password: 'a-b-c' } } } }),
      )
      const path = '/credentials/password/config/hashed_password'
      const patch = [{ op: 'replace', path, value: 'x' }]
      const { status, body } = await project.call('PATCH', `/admin/identities/${id}`, { json: patch })
      expect([status, body.error.id]).toEqual([400, 'password_hash_not_supported'])
      const other = await project.call('PATCH', `/admin/identities/${id}`, { json: [{ op: 'odd', path: '/state' }] })
      expect([other.status, other.body.error.id]).toEqual([400, undefined])
    })

    test('to addresses that the schema does not name changes none', async () => {
      const own = await withBadges()
      const { id } = await create({ schema_id: 'badge', traits: { name: 'Ada' } }, own)
      for (const path of ['/verifiable_addresses/0/status', '/verifiable_addresses/-/status']) {
        const patch = [{ op: 'replace', path, value: 'completed' }]
        const { status, body } = await own.call('PATCH', `/admin/identities/${id}`, { json: patch })
        expect([status, body.verifiable_addresses], path).toEqual([200, undefined])
      }
    })

    test.each(['PUT', 'PATCH'] as const)(
      'of the schema by %s shows the address of the one before, and new credentials as they are made',
      async (method) => {
        const own = await withBadges()
        const { id, schema_url: before } = await create({ schema_id: 'badge', traits: { name: 'Ada' } }, own)
        const next = person()
        const patch = Object.entries(next).map(([key, value]) => ({ op: 'replace', path: `/${key}`, value }))
        const { status, body } = await own.call(method, `/admin/identities/${id}`, {
          json: method === 'PUT' ? next : patch,
        })
        expect(status).toBe(200)
        expect(body).toMatchObject({ schema_id: 'person', schema_url: before })
        expect(versions(body)).toEqual({ code: 1, password: 0, webauthn: 0 })
        const shown = await read(id, own)
        expect(shown.schema_url).not.toBe(before)
        expect(versions(shown)).toEqual({ code: 1, password: 0, webauthn: 1 })
        const again = await own.call(method, `/admin/identities/${id}`, { json: method === 'PUT' ? next : [] })
        expect(versions(again.body)).toEqual({ code: 1, password: 0, webauthn: 1 })
      },
    )

    /** A project whose second schema defines no identifiers. */
    async function withBadges(): Promise<TestProject> {
      const own = await app.project()
      const { identitySchemas } = own.ctx.config
      const traits = { type: 'object', properties: { name: { type: 'string' } } }
      const document = { type: 'object', properties: { traits } }
      const url = 'http://localhost/schemas/badge'
      const badge = { id: 'badge', url, rawUrl: url, document, selfserviceSelectable: true }
      Object.assign(own.ctx, { config: { ...own.ctx.config, identitySchemas: [...identitySchemas, badge] } })
      return own
    }

    const versions = ({ credentials }: { credentials: Record<string, { version: number }> }) =>
      Object.fromEntries(Object.entries(credentials).map(([type, { version }]) => [type, version]))
  })

  describe('a batch', () => {
    const send = (creates: readonly (object | null)[], at = project) =>
      at.call('PATCH', '/admin/identities', { json: { identities: creates.map((json) => ({ create: json })) } })
    const codes = (body: { identities: ({ error?: { code: number } } | null)[] }) =>
      body.identities.map((one) => one && (one.error?.code ?? 201))

    test.each([
      ['the only identity', (taken: object) => [taken]],
      ['the only one that is given', (taken: object) => [null, taken, null]],
      ['the only one whose traits fit', (taken: object) => [person('no address'), taken]],
    ])('is a conflict as a whole where %s collides', async (_name, creates) => {
      const taken = person()
      await create(taken)
      const { status, body } = await send(creates(taken))
      expect([status, body.error.code, body.identities]).toEqual([409, 409, undefined])
    })

    test('is a conflict as a whole where the only one with a free external id collides', async () => {
      const own = await app.project()
      const [taken, badge] = [person(), person(freshEmail(), { external_id: 'badge' })]
      for (const json of [taken, badge]) await create(json, own)
      const twin = () => person(freshEmail(), { external_id: 'badge' })
      expect((await send([twin(), taken], own)).status).toBe(409)
      expect((await send([twin()], own)).status).toBe(409)
      expect(codes((await send([twin(), twin()], own)).body)).toEqual([409, 409])
      expect(codes((await send([twin(), person()], own)).body)).toEqual([409, 201])
      expect((await own.call('GET', '/admin/identities?page=0&per_page=1')).headers['x-total-count']).toBe('3')
    })

    test('is answered one by one where several could have been created, even if none was', async () => {
      const [one, other] = [person(), person()]
      for (const json of [one, other]) await create(json)
      const { status, body } = await send([one, null, other])
      expect([status, codes(body)]).toEqual([200, [409, null, 409]])
    })
  })

  describe('looking for an identifier', () => {
    test('takes the subject of a connection letter for letter, and what people type in any letters', async () => {
      const own = await app.project()
      const [lower, upper] = [await create(connected('wren'), own), await create(connected('Wren'), own)]
      const found = async (query: string) =>
        (await own.call('GET', `/admin/identities?${query}`)).body.map(({ id }: { id: string }) => id).sort()
      for (const name of ['credentials_identifier', 'preview_credentials_identifier_similar']) {
        expect(await found(`${name}=acme:wren`)).toEqual([lower.id])
        expect(await found(`${name}=acme:Wren`)).toEqual([upper.id])
        expect(await found(`${name}=ACME:WREN`)).toEqual([])
        expect(await found(`${name}=${lower.traits.email.toUpperCase()}`)).toEqual([lower.id])
      }
      expect(await found('preview_credentials_identifier_similar=acme:')).toEqual([lower.id, upper.id].sort())
    })

    test('does not take the id of an identity for one', async () => {
      const code = { code: 'a1b2c3d4' }
      const { id } = await create(
        person(freshEmail(), { credentials: { lookup_secret: { config: { codes: [code] } } } }),
      )
      expect((await read(id)).credentials.lookup_secret.identifiers).toEqual([id])
      expect((await project.call('GET', `/admin/identities?credentials_identifier=${id}`)).body).toEqual([])
    })
  })
})
