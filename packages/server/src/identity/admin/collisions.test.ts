import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { sessionRoutes } from '../../session/index.ts'
import { identityRoutes } from '../routes.ts'

let counter = 0
const freshEmail = (who = 'ada') => `${who}-${++counter}@harbour.example`
const person = (email = freshEmail(), more: object = {}) => ({ schema_id: 'person', traits: { email }, ...more })

describe.each(dsns)('identifiers that are taken, on %s', (_, dsn) => {
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

  describe('what is taken', () => {
    test('of simultaneous creations with one identifier exactly one wins', async () => {
      const json = person()
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => project.call('POST', '/admin/identities', { json })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
      const { body } = await project.call('GET', `/admin/identities?credentials_identifier=${json.traits.email}`)
      expect(body).toHaveLength(1)
    })

    test('of simultaneous creations with one external id exactly one wins', async () => {
      const make = () =>
        project.call('POST', '/admin/identities', { json: person(freshEmail(), { external_id: 'crm-1' }) })
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
})
