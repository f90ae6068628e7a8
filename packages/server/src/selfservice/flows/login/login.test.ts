import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, identitiesWith, messageIds, openFlows, Person, signedUp } from '../../../../test/people.ts'
import * as passwords from '../../../identity/passwords/verify.ts'
import { cookieName } from '../../../session/index.ts'

describe.each(dsns)('signing in on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = (kind: 'api' | 'browser' = 'browser', at = project) => signedUp(at, kind)
  const identities = (email: string) => identitiesWith(project, email)

  describe('signing in', () => {
    test('answers the same for an unknown person and a wrong password', async () => {
      const { email } = await member()
      const stranger = freshEmail('stranger')
      const answers = []
      for (const identifier of [email, stranger]) {
        const person = new Person(project, 'api')
        const flow = await person.begin('login')
        const { status, body } = await person.submit('login', flow, {
          method: 'password',
          identifier,
          password: 'not the one',
        })
        expect(messageIds(body)).toEqual([4000006])
        const text = JSON.stringify(body).replaceAll(flow.id, 'ID').replaceAll(identifier, 'WHO')
        answers.push({ status, text: text.replaceAll(/challenge\\":\\"[\w-]{43}/g, 'CHALLENGE') })
      }
      expect(answers[1]).toEqual(answers[0])
    })

    test('hashes for an unknown person too', async () => {
      const dummy = vi.spyOn(passwords, 'dummyVerify')
      const calls = dummy.mock.calls.length
      expect((await new Person(project, 'api').signIn(freshEmail('stranger'))).status).toBe(400)
      expect(dummy.mock.calls.length).toBe(calls + 1)
      dummy.mockRestore()
    })

    test('does not work for an account that is switched off', async () => {
      const { email, person } = await member('api')
      const { id } = (await identities(email))[0]
      await project.call('PATCH', `/admin/identities/${id}`, {
        json: [{ op: 'replace', path: '/state', value: 'inactive' }],
      })
      expect((await new Person(project, 'api').signIn(email)).status).toBe(401)
      expect((await person.call('GET', '/sessions/whoami')).status).toBe(401)
    })

    test('leaves a cookie that is not the token of an app, and the reverse', async () => {
      const { person } = await member()
      const cookie = person.cookies.get(cookieName(project.ctx)) ?? ''
      expect(cookie).not.toMatch(/^ory_st_/)
      const stranger = new Person(project)
      expect((await stranger.call('GET', '/sessions/whoami', { headers: { 'x-session-token': cookie } })).status).toBe(
        401,
      )
      const { person: app } = await member('api')
      stranger.cookies.set(cookieName(project.ctx), app.token ?? '')
      expect((await stranger.call('GET', '/sessions/whoami')).status).toBe(401)
    })
  })
})
