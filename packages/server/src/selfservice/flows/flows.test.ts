import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { codeFor, csrfOf, freshEmail, messageIds, openFlows, Person, password } from '../../../test/people.ts'
import * as passwords from '../../identity/passwords/verify.ts'
import { cookieName } from '../../session/index.ts'

const names = ['login', 'registration', 'recovery', 'verification'] as const
const minute = 60_000

describe.each(dsns)('self-service on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  async function member(kind: 'api' | 'browser' = 'browser', at = project) {
    const person = new Person(at, kind)
    const email = freshEmail()
    expect((await person.signUp(email)).status).toBe(200)
    return { person, email }
  }
  const identities = async (email: string) =>
    (await project.call('GET', `/admin/identities?credentials_identifier=${encodeURIComponent(email)}`)).body

  describe('a form of a browser', () => {
    const bodies = {
      login: { method: 'password', identifier: 'x@harbour.example', password },
      registration: { method: 'password', traits: { email: 'forged@harbour.example' }, password },
      recovery: { method: 'code', email: 'x@harbour.example' },
      verification: { method: 'code', email: 'x@harbour.example' },
    }
    test.each(names)('of the %s flow is refused without its token', async (name) => {
      const person = new Person(project)
      const flow = await person.begin(name)
      const { status, body } = await person.submit(name, flow, { ...bodies[name], csrf_token: '' })
      expect([status, body.error.id]).toEqual([403, 'security_csrf_violation'])
      expect(await identities('forged@harbour.example')).toEqual([])
    })

    test.each(names)('of the %s flow is refused without its cookie', async (name) => {
      const person = new Person(project)
      const flow = await person.begin(name)
      person.cookies.clear()
      expect((await person.submit(name, flow, bodies[name])).status).toBe(403)
      expect(await identities('forged@harbour.example')).toEqual([])
    })

    test.each(names)("of the %s flow is refused with another browser's token", async (name) => {
      const [person, other] = [new Person(project), new Person(project)]
      const [flow, foreign] = [await person.begin(name), await other.begin(name)]
      const sent = await person.submit(name, flow, { ...bodies[name], csrf_token: csrfOf(foreign) })
      expect(sent.status).toBe(403)
      expect(await identities('forged@harbour.example')).toEqual([])
    })

    test('is refused with the token from before signing in', async () => {
      const { email } = await member()
      const person = new Person(project)
      const [flow, old] = [await person.begin('login'), await person.begin('recovery')]
      await person.submit('login', flow, { method: 'password', identifier: email, password })
      const settings = await person.begin('settings')
      const change = { method: 'profile', traits: { email, name: { first: 'Eve' } } }
      expect((await person.submit('settings', settings, { ...change, csrf_token: csrfOf(old) })).status).toBe(403)
      expect((await person.submit('settings', settings, change)).status).toBe(200)
    })

    test('for an app is refused where a page sends it with cookies', async () => {
      const { email } = await member()
      const [person, app] = [new Person(project), new Person(project, 'api')]
      await person.begin('login')
      const flow = await app.begin('login')
      const fields = { method: 'password', identifier: email, password }
      const sent = await person.submit('login', flow, fields, { origin: 'https://evil.example' })
      expect([sent.status, sent.body.error.id]).toEqual([403, 'security_csrf_violation'])
      expect((await app.submit('login', flow, fields)).status).toBe(200)
    })
  })

  describe('a flow', () => {
    test.each(names)('of the kind %s is not shown to another browser', async (name) => {
      const [person, other] = [new Person(project), new Person(project)]
      const flow = await person.begin(name)
      await other.begin(name)
      expect((await other.call('GET', `/self-service/${name}/flows?id=${flow.id}`)).status).toBe(403)
      expect((await person.call('GET', `/self-service/${name}/flows?id=${flow.id}`)).status).toBe(200)
    })

    test.each(names)('of the kind %s is unknown in another project', async (name) => {
      const other = await app.project()
      const flow = await new Person(project, 'api').begin(name)
      const there = new Person(other, 'api')
      expect((await there.call('GET', `/self-service/${name}/flows?id=${flow.id}`)).status).toBe(404)
      expect((await there.submit(name, flow, { method: 'password' })).status).toBe(404)
    })

    test("of another person's settings is neither shown nor taken", async () => {
      const [{ person, email }, { person: other }] = [await member(), await member()]
      const flow = await person.begin('settings')
      const shown = await other.call('GET', `/self-service/settings/flows?id=${flow.id}`)
      expect([shown.status, shown.body.error.id]).toEqual([403, 'security_identity_mismatch'])
      const own = await other.begin('settings')
      const taken = await other.submit('settings', flow, {
        method: 'password',
        password: 'mallory was here once',
        csrf_token: csrfOf(own),
      })
      expect([taken.status, taken.body.error.id]).toEqual([403, 'security_identity_mismatch'])
      expect((await new Person(project, 'api').signIn(email)).status).toBe(200)
    })

    test('of one kind is unknown among those of another', async () => {
      const person = new Person(project, 'api')
      const flow = await person.begin('recovery')
      expect((await person.submit('login', flow, { method: 'password' })).status).toBe(404)
    })

    test('that ran out signs nobody in', async () => {
      const { email } = await member()
      const person = new Person(project, 'api')
      const flow = await person.begin('login')
      app.clock.advance(60 * minute)
      const { status, body } = await person.submit('login', flow, { method: 'password', identifier: email, password })
      expect([status, body.error.id]).toEqual([410, 'self_service_flow_expired'])
      expect(person.token).toBeUndefined()
    })
  })

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
        answers.push({ status, text: JSON.stringify(body).replaceAll(flow.id, 'ID').replaceAll(identifier, 'WHO') })
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

  describe('signing up', () => {
    test('20 times at once with one address makes one account', async () => {
      const email = freshEmail('race')
      const people = Array.from({ length: 20 }, () => new Person(project, 'api'))
      const answers = await Promise.all(people.map((person) => person.signUp(email)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 400)])
      expect(answers.filter(({ status }) => status === 400).map(({ body }) => messageIds(body))).toEqual(
        Array.from({ length: 19 }, () => [4000007]),
      )
      expect(await identities(email)).toHaveLength(1)
    })

    test('makes no second account that looks the same', async () => {
      await member()
      const name = `twin${Math.floor(app.clock.now() / 1000)}`
      expect((await new Person(project, 'api').signUp(`${name}@harbour.example`)).status).toBe(200)
      const twins = [
        `${name.toUpperCase()}@Harbour.example`,
        `${name.slice(0, 2)}\u200b${name.slice(2)}@harbour.example`,
        `${name}\u00ad@harbour.example`,
        `\u2060${name}@harbour.example`,
        `${name}@harbour\u200d.example`,
        `ｔ${name.slice(1)}@harbour.example`,
        `${name}\ufeff@harbour.example`,
      ]
      for (const twin of twins) {
        const { status } = await new Person(project, 'api').signUp(twin)
        expect([twin, status]).toEqual([twin, 400])
      }
      expect(await identities(`${name}@harbour.example`)).toHaveLength(1)
      expect((await new Person(project, 'api').signIn(`${name.toUpperCase()}\u200b@harbour.example `)).status).toBe(200)
    })

    test('takes nothing from the body but traits', async () => {
      const { email, person } = await member('api')
      const victim = (await identities(email))[0]
      const other = freshEmail()
      const forged = {
        id: victim.id,
        identity_id: victim.id,
        user_id: victim.id,
        state: 'inactive',
        metadata_admin: { role: 'root' },
      }
      const verifiable_addresses = [{ via: 'email', value: other, verified: true, status: 'completed' }]
      const answer = await new Person(project, 'api').signUp(other, {
        ...forged,
        verifiable_addresses,
        credentials: {},
      })
      expect(answer.status).toBe(200)
      const made = (await identities(other))[0]
      expect(made.id).not.toBe(victim.id)
      expect(made).toMatchObject({ state: 'active', verifiable_addresses: [{ verified: false }] })
      expect(made.metadata_admin ?? null).toBeNull()
      expect(await person.whoami()).toBe(email)
    })
  })

  describe('changing settings', () => {
    const change = (email: string) => ({ method: 'profile', traits: { email } })

    test('does not mark an address as verified, whatever is sent', async () => {
      const { person, email } = await member('api')
      const flow = await person.begin('settings')
      const verifiable_addresses = [{ via: 'email', value: email, verified: true, status: 'completed' }]
      await person.submit('settings', flow, { ...change(email), verifiable_addresses, verified: true })
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
