import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { adminSessionRoutes } from '../../session/index.ts'
import { identityRoutes } from '../routes.ts'

const nobody = '5f3a2b10-9c1d-4e77-8a55-0123456789ab'
let counter = 0
const freshEmail = (who = 'ada') => `${who}-${++counter}@harbour.example`
const person = (email = freshEmail(), more: object = {}) => ({ schema_id: 'person', traits: { email }, ...more })

describe.each(dsns)('administering identities on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let other: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, [...identityRoutes, ...adminSessionRoutes])
    project = await app.project()
    other = await app.project()
  })
  afterAll(() => app.close())

  const create = async (json: object = person(), at = project) => (await at.call('POST', '/admin/identities', { json })).body
  const read = async (id: string, at = project) => (await at.call('GET', `/admin/identities/${id}`)).body

  describe('who may', () => {
    const paths = [
      ['GET', '/admin/identities'],
      ['POST', '/admin/identities'],
      ['PATCH', '/admin/identities'],
      ['GET', `/admin/identities/${nobody}`],
      ['GET', '/admin/identities/by/external/x'],
      ['PUT', `/admin/identities/${nobody}`],
      ['PATCH', `/admin/identities/${nobody}`],
      ['DELETE', `/admin/identities/${nobody}`],
      ['DELETE', `/admin/identities/${nobody}/credentials/password`],
      ['GET', '/admin/sessions'],
      ['GET', `/admin/sessions/${nobody}`],
      ['DELETE', `/admin/sessions/${nobody}`],
      ['PATCH', `/admin/sessions/${nobody}/extend`],
      ['GET', `/admin/identities/${nobody}/sessions`],
      ['DELETE', `/admin/identities/${nobody}/sessions`],
    ] as const
    test.each(paths)('%s %s needs a token of the project', async (method, path) => {
      expect((await project.call(method, path, { token: null })).status).toBe(401)
      expect((await project.call(method, path, { token: `${project.token}x` })).status).toBe(401)
      expect((await project.call(method, path, { token: other.token })).status).toBe(401)
      expect((await project.call(method, path)).status).not.toBe(401)
    })
  })

  describe('what is taken', () => {
    test('of simultaneous creations with one identifier exactly one wins', async () => {
      const json = person()
      const answers = await Promise.all(Array.from({ length: 8 }, () => project.call('POST', '/admin/identities', { json })))
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
      const { body } = await project.call('GET', `/admin/identities?credentials_identifier=${json.traits.email}`)
      expect(body).toHaveLength(1)
    })

    test('of simultaneous creations with one external id exactly one wins', async () => {
      const make = () => project.call('POST', '/admin/identities', { json: person(freshEmail(), { external_id: 'crm-1' }) })
      const answers = await Promise.all(Array.from({ length: 6 }, make))
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409])
    })

    test('a batch and a creation at the same time never both have an identifier', async () => {
      const json = person()
      const batch = { identities: [{ create: json }, { create: person() }] }
      const [one, many] = await Promise.all([
        project.call('POST', '/admin/identities', { json }),
        project.call('PATCH', '/admin/identities', { json: batch }),
      ])
      const made = [one.status === 201, many.body.identities[0].action === 'create']
      expect(made.filter(Boolean)).toHaveLength(1)
      expect(many.body.identities[1].action).toBe('create')
    })

    test('an identity cannot be changed into what another has', async () => {
      const [first, second] = [await create(), await create()]
      const json = person(first.traits.email, { state: 'active' })
      expect((await project.call('PUT', `/admin/identities/${second.id}`, { json })).status).toBe(409)
      const patch = [{ op: 'replace', path: '/traits/email', value: first.traits.email.toUpperCase() }]
      expect((await project.call('PATCH', `/admin/identities/${second.id}`, { json: patch })).status).toBe(409)
      expect((await read(second.id)).traits).toEqual(second.traits)
    })

    test('what a deleted identity had is free again', async () => {
      const json = person(freshEmail(), { external_id: 'again' })
      const { id } = await create(json)
      expect((await project.call('DELETE', `/admin/identities/${id}`)).status).toBe(204)
      expect((await project.call('POST', '/admin/identities', { json })).status).toBe(201)
    })
  })

  describe('changing', () => {
    test('simultaneous patches all last', async () => {
      const { id } = await create()
      const names = Array.from({ length: 6 }, (_, i) => `key${i}`)
      const patch = (name: string) => [{ op: 'add', path: `/metadata_public/${name}`, value: true }]
      const answers = await Promise.all(names.map((name) => project.call('PATCH', `/admin/identities/${id}`, { json: patch(name) })))
      expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200))
      expect(Object.keys((await read(id)).metadata_public).sort()).toEqual(names)
    })

    const refused: readonly [string, 'PUT' | 'PATCH', object | string][] = [
      ['traits that do not fit', 'PUT', { schema_id: 'person', state: 'active', traits: { email: 'nope' } }],
      ['an unknown schema', 'PUT', { schema_id: 'lost', state: 'active', traits: { email: 'a@harbour.example' } }],
      ['an unknown state', 'PUT', { ...person('b@harbour.example'), state: 'asleep' }],
      ['an unknown hash', 'PUT', { ...person('c@harbour.example'), credentials: { password: { config: { hashed_password: 'x' } } } }],
      ['credentials that cannot be imported', 'PUT', { ...person('d@harbour.example'), credentials: { totp: { config: {} } } }],
      ['an external id with NUL', 'PUT', { ...person('e@harbour.example'), external_id: 'a\0b' }],
      ['an external id beyond the limit', 'PUT', { ...person('f@harbour.example'), external_id: 'x'.repeat(1025) }],
      ['no JSON', 'PUT', '{"schema_id":'],
      ['nesting without end', 'PUT', `{"traits":${'['.repeat(5000)}${']'.repeat(5000)}}`],
      ['a patch of the id', 'PATCH', [{ op: 'replace', path: '/id', value: nobody }]],
      ['a patch with one bad operation', 'PATCH', [{ op: 'add', path: '/metadata_public', value: 1 }, { op: 'remove', path: '/nothing' }]],
      ['a patch of the prototype', 'PATCH', [{ op: 'add', path: '/__proto__/polluted', value: 1 }]],
      ['a patch to a password hash of no format', 'PATCH', [{ op: 'add', path: '/credentials/password/config/hashed_password', value: 'x' }]],
      ['a patch to credentials of no type', 'PATCH', [{ op: 'add', path: '/credentials/fingerprint', value: {} }]],
      ['a patch to connections of another shape', 'PATCH', [{ op: 'add', path: '/credentials/saml/config/providers', value: [1] }]],
    ]
    test.each(refused)('refuses %s and changes nothing', async (_, method, body) => {
      const { id } = await create(person(freshEmail(), { metadata_admin: { kept: true } }))
      const before = await read(id)
      const request = typeof body === 'string' ? { text: body, headers: { 'content-type': 'application/json' } } : { json: body }
      const answer = await project.call(method, `/admin/identities/${id}`, request)
      expect([answer.status, answer.body.error.code]).toEqual([400, 400])
      expect(await read(id)).toEqual(before)
    })

    test('an address keeps its verification as long as the traits name it', async () => {
      const email = freshEmail()
      const address = { value: email.toUpperCase(), via: 'email', verified: true, status: 'completed' }
      const { id } = await create(person(email, { verifiable_addresses: [address] }))
      const renamed = await project.call('PATCH', `/admin/identities/${id}`, { json: [{ op: 'add', path: '/traits/name', value: { first: 'Ada' } }] })
      expect(renamed.body.verifiable_addresses[0]).toMatchObject({ value: email, verified: true, status: 'completed' })
      const moved = await project.call('PUT', `/admin/identities/${id}`, { json: person(freshEmail()) })
      expect(moved.body.verifiable_addresses[0]).toMatchObject({ verified: false, status: 'pending' })
      expect(moved.body.verifiable_addresses[0]).not.toHaveProperty('verified_at')
    })

    test('the last way to sign in stays', async () => {
      const only = await app.project((identity) => {
        const { methods } = identity.selfservice
        return { ...identity, selfservice: { ...identity.selfservice, methods: { ...methods, code: { ...methods.code, passwordless_enabled: false } } } }
      })
      const { id } = await create(person(freshEmail(), { credentials: { password: { config: { password: 'a' } } } }), only)
      expect((await only.call('DELETE', `/admin/identities/${id}/credentials/password`)).status).toBe(400)
      const shown = await only.call('GET', `/admin/identities/${id}?include_credential=password`)
      expect(shown.body.credentials.password.config.hashed_password).toMatch(/^\$2a\$/)
    })
  })

  describe('creating', () => {
    test.each([
      ['an identifier beyond the limit', person(`${'x'.repeat(1100)}@harbour.example`)],
      ['a plain password that the hash cannot hold whole', person('long@harbour.example', { credentials: { password: { config: { password: 'x'.repeat(73) } } } })],
      ['a subject with NUL', person('nul@harbour.example', { credentials: { oidc: { config: { providers: [{ provider: 'a', subject: '\0' }] } } } })],
      ['more connections than the limit', person('many@harbour.example', { credentials: { oidc: { config: { providers: Array.from({ length: 201 }, (_, i) => ({ provider: 'a', subject: `${i}` })) } } } })],
    ])('refuses %s', async (_, json) => {
      expect((await project.call('POST', '/admin/identities', { json })).status).toBe(400)
    })

    test('a batch makes what it can, the first of twins included', async () => {
      const [taken, twin] = [await create(), person()]
      const creates = [person(taken.traits.email), twin, twin, person('no address'), person()]
      const { body } = await project.call('PATCH', '/admin/identities', { json: { identities: creates.map((create) => ({ create })) } })
      expect(body.identities.map((one: { action: string }) => one.action)).toEqual(['error', 'create', 'error', 'error', 'create'])
      expect(body.identities.map((one: { error?: { code: number } }) => one.error?.code)).toEqual([409, undefined, 409, 400, undefined])
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

  describe('listing', () => {
    test('pages follow each other without gap or repetition', async () => {
      const own = await app.project()
      const made = await Promise.all(Array.from({ length: 7 }, () => create(person(), own)))
      const seen: string[] = []
      let path: string | undefined = '/admin/identities?page_size=3'
      while (path) {
        const { body, headers }: { body: { id: string }[]; headers: Record<string, unknown> } = await own.call('GET', path)
        seen.push(...body.map(({ id }) => id))
        path = /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1]
      }
      expect(seen).toEqual(made.map(({ id }) => id).sort())
    })

    test('a page token counts only as it was given, where it was given', async () => {
      const own = await app.project()
      for (let i = 0; i < 2; i++) await create(person(), own)
      const { headers } = await own.call('GET', '/admin/identities?page_size=1')
      const token = /page_token=([^&>]+)[^>]*>; rel="next"/.exec(String(headers.link))?.[1] ?? ''
      const status = async (at: TestProject, path: string) => (await at.call('GET', path)).status
      expect(await status(own, `/admin/identities?page_token=${token}`)).toBe(200)
      const forged = token.replace(/^./, (first) => (first === '0' ? '1' : '0'))
      expect(await status(own, `/admin/identities?page_token=${forged}`)).toBe(400)
      expect(await status(own, `/admin/identities?page_token=${token.slice(0, -1)}`)).toBe(400)
      expect(await status(own, `/admin/identities?page_token=${encodeURIComponent("' or 1=1 --")}`)).toBe(400)
      expect(await status(other, `/admin/identities?page_token=${token}`)).toBe(400)
      expect(await status(own, `/admin/sessions?page_token=${token}`)).toBe(400)
    })

    test('likeness is by the start, letter for letter', async () => {
      const own = await app.project()
      for (const who of ['a_b', 'axb', 'a%b', 'Äb', 'a_c']) await create(person(`${who}@harbour.example`), own)
      const like = async (start: string) => {
        const { body } = await own.call('GET', `/admin/identities?preview_credentials_identifier_similar=${encodeURIComponent(start)}`)
        return body.map((one: { traits: { email: string } }) => one.traits.email.split('@')[0]).sort()
      }
      expect(await like('a_')).toEqual(['a_b', 'a_c'])
      expect(await like('a%')).toEqual(['a%b'])
      expect(await like('A_B')).toEqual(['a_b'])
      expect(await like('äb')).toEqual(['Äb'])
      expect(await like('_b')).toEqual([])
      expect(await like('a\\')).toEqual([])
    })

    test('the old name of the identifier filter works', async () => {
      const { traits } = await create()
      const { body } = await project.call('GET', `/admin/identities?identifier=${traits.email}`)
      expect(body.map((one: { traits: unknown }) => one.traits)).toEqual([traits])
    })
  })

  describe('two projects', () => {
    test('an identifier and an external id belong to one project only', async () => {
      const json = person(freshEmail(), { external_id: 'both' })
      const [mine, theirs] = [await create(json), await create(json, other)]
      expect((await other.call('GET', '/admin/identities/by/external/both')).body.id).toBe(theirs.id)
      expect((await project.call('GET', `/admin/identities?credentials_identifier=${json.traits.email}`)).body.map((one: { id: string }) => one.id)).toEqual([mine.id])
    })

    test('none reads, changes or deletes what is the other’s', async () => {
      const { id, traits } = await create(person(freshEmail(), { external_id: 'mine', credentials: { password: { config: { password: 'a' } } } }))
      const before = await read(id)
      const json = { ...person(), state: 'inactive' }
      for (const [method, path, request] of [
        ['GET', `/admin/identities/${id}`, {}],
        ['GET', '/admin/identities/by/external/mine', {}],
        ['PUT', `/admin/identities/${id}`, { json }],
        ['PATCH', `/admin/identities/${id}`, { json: [{ op: 'replace', path: '/state', value: 'inactive' }] }],
        ['DELETE', `/admin/identities/${id}/credentials/password`, {}],
        ['DELETE', `/admin/identities/${id}/sessions`, {}],
        ['DELETE', `/admin/identities/${id}`, {}],
      ] as const) {
        expect((await other.call(method, path, request)).status, `${method} ${path}`).toBe(404)
      }
      for (const query of [`ids=${id}`, `credentials_identifier=${traits.email}`, `preview_credentials_identifier_similar=${traits.email}`]) {
        expect((await other.call('GET', `/admin/identities?${query}`)).body, query).toEqual([])
      }
      expect(await read(id)).toEqual(before)
    })
  })
})
