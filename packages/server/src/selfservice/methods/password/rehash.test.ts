import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, openFlows, Person } from '../../../../test/people.ts'
import * as hashes from '../../../identity/passwords/hash.ts'

const [old, changed] = ['a lantern of old', 'another lantern here']
const imported = `$md5$${createHash('md5').update(old).digest('base64')}`

describe.each(dsns)('an imported hash on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  async function importOne() {
    const email = freshEmail('imported')
    const credentials = { password: { config: { hashed_password: imported } } }
    const json = { schema_id: 'person', traits: { email }, credentials }
    const { status, body } = await project.call('POST', '/admin/identities', { json })
    expect(status).toBe(201)
    return { email, id: body.id as string }
  }
  const storedHash = async (id: string) => {
    const row = await project.ctx.db
      .selectFrom('identities')
      .select('credentials')
      .where('id', '=', id)
      .executeTakeFirst()
    return JSON.stringify(row?.credentials)
  }
  const signIn = (email: string, password: string) => new Person(project, 'api').signIn(email, password)

  test('is replaced by one of the configured kind at the first sign-in', async () => {
    const { email, id } = await importOne()
    expect((await signIn(email, old)).status).toBe(200)
    expect(await storedHash(id)).not.toContain('$md5$')
    expect((await signIn(email, old)).status).toBe(200)
  })

  test('is not replaced if the password is changed while the new hash is made', async () => {
    const { email, id } = await importOne()
    const hash = hashes.hashPassword
    const spy = vi.spyOn(hashes, 'hashPassword').mockImplementationOnce(async (...given) => {
      spy.mockImplementation(hash)
      const hashed = await hash(...given)
      const person = { schema_id: 'person', state: 'active', traits: { email } }
      const json = { ...person, credentials: { password: { config: { password: changed } } } }
      expect((await project.call('PUT', `/admin/identities/${id}`, { json })).status).toBe(200)
      return hashed
    })
    expect((await signIn(email, old)).status).toBe(200)
    spy.mockRestore()
    expect([(await signIn(email, old)).status, (await signIn(email, changed)).status]).toEqual([400, 200])
  })
})
