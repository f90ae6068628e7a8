import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import {
  freshEmail,
  identitiesWith,
  messageIds,
  openFlows,
  Person,
  password,
  signedUp,
} from '../../../../test/people.ts'
import * as passwords from '../../../identity/passwords/hash.ts'
import { cookieName } from '../../../session/index.ts'

const minute = 60_000

describe.each(dsns)('settings on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = (kind: 'api' | 'browser' = 'browser', at = project) => signedUp(at, kind)
  const identities = (email: string) => identitiesWith(project, email)

  describe('changing settings', () => {
    const change = (email: string) => ({ method: 'profile', traits: { email } })

    test('does not mark an address as verified, whatever is sent', async () => {
      const { person, email } = await member('api')
      const flow = await person.begin('settings')
      const addresses = [{ via: 'email', value: email, verified: true, status: 'completed' }]
      await person.submit('settings', flow, { ...change(email), verifiable_addresses: addresses, verified: true })
      expect((await identities(email))[0].verifiable_addresses).toMatchObject([{ verified: false }])
    })

    test('an address that was left and taken back has to be verified again', async () => {
      const { person, email } = await member('api')
      const { id } = (await identities(email))[0]
      const verified = [{ op: 'replace', path: '/verifiable_addresses/0/verified', value: true }]
      await project.call('PATCH', `/admin/identities/${id}`, { json: verified })
      expect((await identities(email))[0].verifiable_addresses).toMatchObject([{ verified: true }])
      for (const to of [freshEmail(), email]) {
        expect((await person.submit('settings', await person.begin('settings'), change(to))).status).toBe(200)
      }
      expect((await identities(email))[0].verifiable_addresses).toMatchObject([{ verified: false }])
    })

    test('needs a sign-in that is recent when it begins, however long hashing takes', async () => {
      const { person } = await member('api')
      const flow = await person.begin('settings')
      const maxAge = project.ctx.config.identity.selfservice.flows.settings.privileged_session_max_age
      const { hashPassword } = passwords
      const slow = vi.spyOn(passwords, 'hashPassword').mockImplementation((...args) => {
        app.clock.advance(maxAge)
        return hashPassword(...args)
      })
      const answer = await person.submit('settings', flow, {
        method: 'password',
        password: 'another lantern, further out',
      })
      expect(slow).toHaveBeenCalledTimes(1)
      slow.mockRestore()
      expect([answer.status, answer.body.state]).toEqual([200, 'success'])
    })

    test('tells an old session nothing of the present password', async () => {
      const old = await app.project((identity) => {
        const { selfservice } = identity
        const settings = { ...selfservice.flows.settings, privileged_session_max_age: 0 }
        return { ...identity, selfservice: { ...selfservice, flows: { ...selfservice.flows, settings } } }
      })
      const { person } = await member('api', old)
      const flow = await person.begin('settings')
      for (const guess of [password, 'not the password at all', 'short']) {
        const { status, body } = await person.submit('settings', flow, { method: 'password', password: guess })
        expect([guess, status, body.error.id]).toEqual([guess, 403, 'session_refresh_required'])
      }
    })

    test('of the subject of the session only', async () => {
      const [{ person }, { email: victim }] = [await member('api'), await member('api')]
      const { id } = (await identities(victim))[0]
      const flow = await person.begin('settings')
      const secret = 'mallory was here once'
      const sent = await person.submit('settings', flow, {
        method: 'password',
        password: secret,
        identity_id: id,
        id,
        userId: id,
      })
      expect(sent.status).toBe(200)
      expect((await new Person(project, 'api').signIn(victim, secret)).status).toBe(400)
      expect((await new Person(project, 'api').signIn(victim)).status).toBe(200)
    })

    test.each([
      ['an address', (email: string) => change(`new-${email}`)],
      ['a password', () => ({ method: 'password', password: 'another lantern here' })],
    ])('of %s needs a recent sign-in', async (_what, fields) => {
      const { person, email } = await member('api')
      const before = (await identities(email))[0]
      app.clock.advance(15 * minute)
      const answer = await person.submit('settings', await person.begin('settings'), fields(email))
      expect([answer.status, answer.body.error.id]).toEqual([403, 'session_refresh_required'])
      expect((await identities(email))[0]).toEqual(before)
      expect((await new Person(project, 'api').signIn(email)).status).toBe(200)
    })

    test('of a name needs none', async () => {
      const { person, email } = await member('api')
      app.clock.advance(15 * minute)
      const fields = { method: 'profile', traits: { email, name: { first: 'Ann' } } }
      expect((await person.submit('settings', await person.begin('settings'), fields)).status).toBe(200)
    })

    test('waits for the sign-in of the same browser, with nothing readable in the database', async () => {
      const { person, email } = await member()
      const secret = 'a secret nobody may read'
      app.clock.advance(15 * minute)
      const flow = await person.begin('settings')
      expect((await person.submit('settings', flow, { method: 'password', password: secret })).status).toBe(403)
      const rows = await project.ctx.db.selectFrom('flows').selectAll().where('id', '=', flow.id).execute()
      expect(rows).toHaveLength(1)
      expect(JSON.stringify(rows)).not.toContain(secret)
      expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20))

      const again = await person.begin('login', '?refresh=true')
      expect((await person.submit('login', again, { method: 'password', identifier: email, password })).status).toBe(
        200,
      )
      const elsewhere = new Person(project)
      elsewhere.cookies.set(cookieName(project.ctx), person.cookies.get(cookieName(project.ctx)) ?? '')
      const other = await elsewhere.call('GET', `/self-service/settings?flow=${flow.id}`)
      expect(other.body.state).not.toBe('success')
      expect((await new Person(project, 'api').signIn(email, secret)).status).toBe(400)

      const resumed = await person.call('GET', `/self-service/settings?flow=${flow.id}`)
      expect([resumed.status, resumed.body.state]).toEqual([200, 'success'])
      expect((await new Person(project, 'api').signIn(email, secret)).status).toBe(200)
      const twice = await person.call('GET', `/self-service/settings?flow=${flow.id}`)
      expect(twice.status).toBe(400)
    })

    test('into what another has is refused', async () => {
      const [{ person, email }, { email: taken }] = [await member('api'), await member('api')]
      const answer = await person.submit('settings', await person.begin('settings'), change(taken.toUpperCase()))
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000007]])
      expect(await identities(email)).toHaveLength(1)
    })
  })
})

test('a password manager is sent to the settings page', async () => {
  const app = await openFlows('memory')
  const project = await app.project()
  const { status, headers } = await project.call('GET', '/.well-known/change-password', { token: null })
  expect([status, headers.location]).toEqual([303, project.ctx.config.identity.selfservice.flows.settings.ui_url])
  await app.close()
})
