import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { csrfOf, identitiesWith, openFlows, Person, password, signedUp } from '../../../test/people.ts'

const names = ['login', 'registration', 'recovery', 'verification'] as const
const minute = 60_000

describe.each(dsns)('flows and who may carry them on, on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = (kind: 'api' | 'browser' = 'browser', at = project) => signedUp(at, kind)
  const identities = (email: string) => identitiesWith(project, email)

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
      expect([sent.status, sent.body.ui.messages[0].id]).toEqual([400, 4000001])
      expect(sent.body.session_token).toBeUndefined()
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
})
