import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { sessionRoutes } from '../../session/index.ts'
import { identityRoutes } from '../routes.ts'

const nobody = '5f3a2b10-9c1d-4e77-8a55-0123456789ab'
let counter = 0
const freshEmail = (who = 'ada') => `${who}-${++counter}@harbour.example`
const person = (email = freshEmail(), more: object = {}) => ({ schema_id: 'person', traits: { email }, ...more })

describe.each(dsns)('changing and creating identities on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, [...identityRoutes, ...sessionRoutes])
    project = await app.project()
  })
  afterAll(() => app.close())

  const create = async (json: object = person(), at = project) =>
    (await at.call('POST', '/admin/identities', { json })).body
  const read = async (id: string, at = project) => (await at.call('GET', `/admin/identities/${id}`)).body

  describe('changing', () => {
    test('traits are validated only when they change', async () => {
      const own = await app.project()
      const { id, traits } = await create(person(), own)
      const [schema] = own.ctx.config.identitySchemas
      if (!schema) throw new Error('the project has no schema')
      const document = { type: 'object', properties: { traits: { type: 'object', required: ['city'] } } }
      const identitySchemas = [{ ...schema, document }]
      Object.assign(own.ctx, { config: { ...own.ctx.config, identitySchemas } })
      const path = `/admin/identities/${id}`
      const patch = async (...operations: object[]) => (await own.call('PATCH', path, { json: operations })).status
      const put = async (json: object) => (await own.call('PUT', path, { json })).status
      const same = { schema_id: schema.id, state: 'active', traits }
      expect(await patch({ op: 'replace', path: '/state', value: 'inactive' })).toBe(200)
      expect(await patch({ op: 'add', path: '/metadata_public', value: { seen: true } })).toBe(200)
      expect(await put({ ...same, metadata_public: { seen: false } })).toBe(200)
      expect(await read(id, own)).toMatchObject({ state: 'active', traits, metadata_public: { seen: false } })
      expect(await patch({ op: 'add', path: '/traits/name', value: {} })).toBe(400)
      expect(await put({ ...same, traits: { ...traits, name: {} } })).toBe(400)
      expect((await read(id, own)).traits).toEqual(traits)
    })

    test('a patch cannot give a credential another type', async () => {
      const credentials = { password: { config: { password: 'a lantern at the pier' } } }
      const { id } = await create(person(freshEmail(), { credentials }))
      const patch = async (value: string) => {
        const json = [{ op: 'replace', path: '/credentials/password/type', value }]
        return (await project.call('PATCH', `/admin/identities/${id}`, { json })).status
      }
      expect([await patch('password'), await patch('totp')]).toEqual([200, 400])
      expect((await read(id)).credentials.password.type).toBe('password')
    })

    test('simultaneous patches all last', async () => {
      const { id } = await create()
      const names = Array.from({ length: 6 }, (_, i) => `key${i}`)
      const patch = (name: string) => [{ op: 'add', path: `/metadata_public/${name}`, value: true }]
      const answers = await Promise.all(
        names.map((name) => project.call('PATCH', `/admin/identities/${id}`, { json: patch(name) })),
      )
      expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200))
      expect(Object.keys((await read(id)).metadata_public).sort()).toEqual(names)
    })

    const refused: readonly [string, 'PUT' | 'PATCH', object | string][] = [
      ['traits that do not fit', 'PUT', { schema_id: 'person', state: 'active', traits: { email: 'nope' } }],
      ['an unknown schema', 'PUT', { schema_id: 'lost', state: 'active', traits: { email: 'a@harbour.example' } }],
      ['an unknown state', 'PUT', { ...person('b@harbour.example'), state: 'asleep' }],
      [
        'an unknown hash',
        'PUT',
        { ...person('c@harbour.example'), credentials: { password: { config: { hashed_password: 'x' } } } },
      ],
      [
        'credentials that cannot be imported',
        'PUT',
        { ...person('d@harbour.example'), credentials: { totp: { config: {} } } },
      ],
      ['an external id with NUL', 'PUT', { ...person('e@harbour.example'), external_id: 'a\0b' }],
      ['an external id beyond the limit', 'PUT', { ...person('f@harbour.example'), external_id: 'x'.repeat(1025) }],
      ['no JSON', 'PUT', '{"schema_id":'],
      ['nesting without end', 'PUT', `{"traits":${'['.repeat(5000)}${']'.repeat(5000)}}`],
      ['a patch of the id', 'PATCH', [{ op: 'replace', path: '/id', value: nobody }]],
      [
        'a patch with one bad operation',
        'PATCH',
        [
          { op: 'add', path: '/metadata_public', value: 1 },
          { op: 'remove', path: '/nothing' },
        ],
      ],
      ['a patch of the prototype', 'PATCH', [{ op: 'add', path: '/__proto__/polluted', value: 1 }]],
      [
        'a patch to a password hash of no format',
        'PATCH',
        [{ op: 'add', path: '/credentials/password/config/hashed_password', value: 'x' }],
      ],
      ['a patch to credentials of no type', 'PATCH', [{ op: 'add', path: '/credentials/fingerprint', value: {} }]],
      [
        'a patch to connections of another shape',
        'PATCH',
        [{ op: 'add', path: '/credentials/saml/config/providers', value: [1] }],
      ],
    ]
    test.each(refused)('refuses %s and changes nothing', async (_, method, body) => {
      const { id } = await create(person(freshEmail(), { metadata_admin: { kept: true } }))
      const before = await read(id)
      const request =
        typeof body === 'string' ? { text: body, headers: { 'content-type': 'application/json' } } : { json: body }
      const answer = await project.call(method, `/admin/identities/${id}`, request)
      expect([answer.status, answer.body.error.code]).toEqual([400, 400])
      expect(await read(id)).toEqual(before)
    })

    test('an address keeps its verification as long as the traits name it', async () => {
      const email = freshEmail()
      const address = { value: email.toUpperCase(), via: 'email', verified: true, status: 'completed' }
      const { id } = await create(person(email, { verifiable_addresses: [address] }))
      const renamed = await project.call('PATCH', `/admin/identities/${id}`, {
        json: [{ op: 'add', path: '/traits/name', value: { first: 'Ada' } }],
      })
      expect(renamed.body.verifiable_addresses[0]).toMatchObject({ value: email, verified: true, status: 'completed' })
      const moved = await project.call('PUT', `/admin/identities/${id}`, { json: person(freshEmail()) })
      expect(moved.body.verifiable_addresses[0]).toMatchObject({ verified: false, status: 'pending' })
      expect(moved.body.verifiable_addresses[0]).not.toHaveProperty('verified_at')
    })

    test('the last way to sign in stays', async () => {
      const only = await app.project((identity) => {
        const { methods } = identity.selfservice
        return {
          ...identity,
          selfservice: {
            ...identity.selfservice,
            methods: { ...methods, code: { ...methods.code, passwordless_enabled: false } },
          },
        }
      })
      const { id } = await create(
        person(freshEmail(), { credentials: { password: { config: { password: 'a' } } } }),
        only,
      )
      expect((await only.call('DELETE', `/admin/identities/${id}/credentials/password`)).status).toBe(400)
      const shown = await only.call('GET', `/admin/identities/${id}?include_credential=password`)
      expect(shown.body.credentials.password.config.hashed_password).toMatch(/^\$2a\$/)
    })
  })

  describe('creating', () => {
    test.each([
      ['an identifier beyond the limit', person(`${'x'.repeat(1100)}@harbour.example`)],
      [
        'a plain password that the hash cannot hold whole',
        person('long@harbour.example', { credentials: { password: { config: { password: 'x'.repeat(73) } } } }),
      ],
      [
        'a subject with NUL',
        person('nul@harbour.example', {
          credentials: { oidc: { config: { providers: [{ provider: 'a', subject: '\0' }] } } },
        }),
      ],
      [
        'more connections than the limit',
        person('many@harbour.example', {
          credentials: {
            oidc: {
              config: { providers: Array.from({ length: 201 }, (_, i) => ({ provider: 'a', subject: `${i}` })) },
            },
          },
        }),
      ],
    ])('refuses %s', async (_, json) => {
      expect((await project.call('POST', '/admin/identities', { json })).status).toBe(400)
    })

    test('a batch makes what it can, the first of twins included', async () => {
      const [taken, twin] = [await create(), person()]
      const creates = [person(taken.traits.email), twin, twin, person('no address'), person()]
      const { body } = await project.call('PATCH', '/admin/identities', {
        json: { identities: creates.map((create) => ({ create })) },
      })
      expect(body.identities.map((one: { action: string }) => one.action)).toEqual([
        'error',
        'create',
        'error',
        'error',
        'create',
      ])
      expect(body.identities.map((one: { error?: { code: number } }) => one.error?.code)).toEqual([
        409,
        undefined,
        409,
        400,
        undefined,
      ])
    })

    test('a batch of 1000 is made and one of 1001 is not', async () => {
      const own = await app.project()
      const many = (count: number) => ({ identities: Array.from({ length: count }, () => ({ create: person() })) })
      expect((await own.call('PATCH', '/admin/identities', { json: many(1001) })).status).toBe(400)
      const { body } = await own.call('PATCH', '/admin/identities', { json: many(1000) })
      expect(new Set(body.identities.map((one: { action: string }) => one.action))).toEqual(new Set(['create']))
      expect((await own.call('GET', '/admin/identities?page=0&per_page=1')).headers['x-total-count']).toBe('1000')
    })
  })
})
