import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { codeFor, identitiesWith, openFlows, Person, signedUp } from '../../../../test/people.ts'

describe.each(dsns)('recovery on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = (kind: 'api' | 'browser' = 'browser', at = project) => signedUp(at, kind)
  const identities = (email: string) => identitiesWith(project, email)

  describe('recovering', () => {
    test('does not sign in to an account that is switched off', async () => {
      const { email } = await member('api')
      const { id } = (await identities(email))[0]
      await project.call('PATCH', `/admin/identities/${id}`, {
        json: [{ op: 'replace', path: '/state', value: 'inactive' }],
      })
      const person = new Person(project, 'api')
      const flow = await person.begin('recovery')
      await person.submit('recovery', flow, { method: 'code', email })
      const answer = await person.submit('recovery', flow, { method: 'code', code: await codeFor(project.ctx, email) })
      expect(answer.status).toBe(401)
      expect(JSON.stringify(answer.body)).not.toContain('ory_st_')
    })

    test('verifies the address that the code was sent to', async () => {
      const { email } = await member('api')
      const person = new Person(project, 'api')
      const flow = await person.begin('recovery')
      await person.submit('recovery', flow, { method: 'code', email })
      await person.submit('recovery', flow, { method: 'code', code: await codeFor(project.ctx, email) })
      expect((await identities(email))[0].verifiable_addresses).toMatchObject([{ value: email, verified: true }])
    })
  })
})
