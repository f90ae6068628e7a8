import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { sessionRoutes } from '../../session/index.ts'
import { identityRoutes } from '../routes.ts'

const nobody = '5f3a2b10-9c1d-4e77-8a55-0123456789ab'
let counter = 0
const freshEmail = (who = 'ada') => `${who}-${++counter}@harbour.example`
const person = (email = freshEmail(), more: object = {}) => ({ schema_id: 'person', traits: { email }, ...more })

describe.each(dsns)('access to identities on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let other: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, [...identityRoutes, ...sessionRoutes])
    project = await app.project()
    other = await app.project()
  })
  afterAll(() => app.close())

  const create = async (json: object = person(), at = project) =>
    (await at.call('POST', '/admin/identities', { json })).body
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

  describe('two projects', () => {
    test('an identifier and an external id belong to one project only', async () => {
      const json = person(freshEmail(), { external_id: 'both' })
      const [mine, theirs] = [await create(json), await create(json, other)]
      expect((await other.call('GET', '/admin/identities/by/external/both')).body.id).toBe(theirs.id)
      expect(
        (await project.call('GET', `/admin/identities?credentials_identifier=${json.traits.email}`)).body.map(
          (one: { id: string }) => one.id,
        ),
      ).toEqual([mine.id])
    })

    test('none reads, changes or deletes what is the other’s', async () => {
      const { id, traits } = await create(
        person(freshEmail(), { external_id: 'mine', credentials: { password: { config: { password: 'a' } } } }),
      )
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
      for (const query of [
        `ids=${id}`,
        `credentials_identifier=${traits.email}`,
        `preview_credentials_identifier_similar=${traits.email}`,
      ]) {
        expect((await other.call('GET', `/admin/identities?${query}`)).body, query).toEqual([])
      }
      expect(await read(id)).toEqual(before)
    })
  })
})
