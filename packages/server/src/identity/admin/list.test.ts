import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import type { ProjectConfig } from '../../kernel/config/index.ts'
import { sessionRoutes } from '../../session/index.ts'
import { identityRoutes } from '../routes.ts'

let counter = 0
const freshEmail = (who = 'ada') => `${who}-${++counter}@harbour.example`
const person = (email = freshEmail(), more: object = {}) => ({ schema_id: 'person', traits: { email }, ...more })

describe.each(dsns)('listing identities on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, [...identityRoutes, ...sessionRoutes])
    project = await app.project()
  })
  afterAll(() => app.close())

  const create = async (json: object = person(), at = project) =>
    (await at.call('POST', '/admin/identities', { json })).body

  describe('listing', () => {
    test('pages follow each other without gap or repetition', async () => {
      const own = await app.project()
      const made = await Promise.all(Array.from({ length: 7 }, () => create(person(), own)))
      const seen: string[] = []
      let path: string | undefined = '/admin/identities?page_size=3'
      while (path) {
        const { body, headers }: { body: { id: string }[]; headers: Record<string, unknown> } = await own.call(
          'GET',
          path,
        )
        seen.push(...body.map(({ id }) => id))
        path = /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1]
      }
      expect(seen).toEqual(made.map(({ id }) => id).sort())
    })

    test('the listing shows each identity as it shows on its own, whatever its schema', async () => {
      const own = await app.project()
      const configure = (identitySchemas: ProjectConfig['identitySchemas']) =>
        Object.assign(own.ctx, { config: { ...own.ctx.config, identitySchemas } })
      const [schema] = own.ctx.config.identitySchemas
      if (!schema) throw new Error('the default project has a schema')
      const ships = { ...schema, id: 'ship "Å"', url: 'http://localhost/schemas/ship-Å' }
      configure([schema, ships])
      await create(person('ada@harbour.example', { metadata_admin: { berth: '7, "North" – Å' } }), own)
      await create(person('zoë@harbour.example', { schema_id: ships.id, metadata_public: [null, '\\{'] }), own)
      await create(person(), own)
      const agree = async () => {
        const { body } = await own.call('GET', '/admin/identities')
        expect(body).toHaveLength(3)
        for (const one of body) {
          const alone = (await own.call('GET', `/admin/identities/${one.id}`)).body
          const { credentials: _, ...shown } = alone
          expect(one).toEqual(shown)
        }
        return body
      }
      expect((await agree())[1]).toMatchObject({ schema_id: ships.id, schema_url: ships.url })
      // Identities whose schema was removed from the configuration are still listed.
      configure([schema])
      expect((await agree())[1].schema_url).toMatch(/\/schemas\/c2hpcCAiw4Ui$/)
    })

    test('nobody is an empty list', async () => {
      const own = await app.project()
      const { status, body, headers } = await own.call('GET', '/admin/identities?page_size=2')
      expect({ status, body }).toEqual({ status: 200, body: [] })
      expect(headers.link).not.toContain('next')
    })

    test('a page token counts only as it was given, where it was given', async () => {
      const [own, other] = [await app.project(), await app.project()]
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
        const { body } = await own.call(
          'GET',
          `/admin/identities?preview_credentials_identifier_similar=${encodeURIComponent(start)}`,
        )
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
})
