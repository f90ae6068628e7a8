import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { freshEmail, openFlows, Person } from '../../test/people.ts'
import { tokenHash } from '../kernel/keys.ts'
import { cookieName } from './cookie.ts'

const hour = 3_600_000

describe.each(dsns)('sessions of people on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project((identity) => ({ ...identity, session: { ...identity.session, lifespan: hour } }))
  })
  afterAll(() => app.close())

  async function member(kind: 'api' | 'browser' = 'api') {
    const person = new Person(project, kind)
    const email = freshEmail()
    expect((await person.signUp(email)).status).toBe(200)
    const { id } = (await person.call('GET', '/sessions/whoami')).body
    return { person, email, id: String(id) }
  }
  const status = async (person: Person) => (await person.call('GET', '/sessions/whoami')).status

  test('end when their time is over', async () => {
    const { person } = await member()
    app.clock.advance(hour - 1)
    expect(await status(person)).toBe(200)
    app.clock.advance(1)
    expect(await status(person)).toBe(401)
  })

  test('are stored by the hash of their secret only', async () => {
    const [{ person }, { person: other }] = [await member('api'), await member('browser')]
    const secrets = [person.token ?? '', other.cookies.get(cookieName(project.ctx)) ?? '']
    const rows = await project.ctx.db.selectFrom('sessions').selectAll().execute()
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(30)
      expect(JSON.stringify(rows)).not.toContain(secret)
      expect(rows.map(({ token_hash }) => token_hash)).toContain(tokenHash(secret))
    }
  })

  test('of another project are unknown', async () => {
    const { person } = await member()
    const there = new Person(await app.project(), 'api')
    there.token = person.token
    expect(await status(there)).toBe(401)
  })

  test('are ended by their own person only', async () => {
    const [{ person }, { person: other, id }] = [await member(), await member()]
    expect((await person.call('DELETE', `/sessions/${id}`)).status).toBe(204)
    expect(await status(other)).toBe(200)
    expect((await person.call('DELETE', '/sessions')).body.count).toBe(0)
    expect(await status(other)).toBe(200)
  })

  test('are listed to their own person only, without the present one', async () => {
    const [{ person, email, id }] = [await member(), await member()]
    const again = new Person(project, 'api')
    await again.signIn(email)
    const { body } = await again.call('GET', '/sessions')
    expect(body.map((one: { id: string }) => one.id)).toEqual([id])
    expect((await again.call('DELETE', `/sessions/${id}`)).status).toBe(204)
    expect([await status(person), await status(again)]).toEqual([401, 200])
  })

  test('end with the token for it, which is good for one session only', async () => {
    const [{ person }, { person: other }] = [await member('browser'), await member('browser')]
    const { logout_token: token } = (await person.call('GET', '/self-service/logout/browser')).body
    const foreign = await other.call('GET', `/self-service/logout?token=${token}`)
    expect(foreign.status).toBe(403)
    expect([await status(person), await status(other)]).toEqual([200, 200])
    expect((await person.call('GET', '/self-service/logout')).status).toBe(400)
    const cookie = person.cookies.get(cookieName(project.ctx)) ?? ''
    expect((await person.call('GET', `/self-service/logout?token=${token}`)).status).toBe(204)
    person.cookies.set(cookieName(project.ctx), cookie)
    expect([await status(person), await status(other)]).toEqual([401, 200])
  })

  test('end with the token that any page has got, also an earlier one', async () => {
    const { person } = await member('browser')
    const [first, second] = [
      (await person.call('GET', '/self-service/logout/browser')).body.logout_token,
      (await person.call('GET', '/self-service/logout/browser')).body.logout_token,
    ]
    expect(second).toBe(first)
    expect((await person.call('GET', `/self-service/logout?token=${first}`)).status).toBe(204)
    expect(await status(person)).toBe(401)
  })

  test('of a deleted person are over', async () => {
    const { person, email } = await member()
    const [{ id }] = (await project.call('GET', `/admin/identities?credentials_identifier=${email}`)).body
    await project.call('DELETE', `/admin/identities/${id}`)
    expect(await status(person)).toBe(401)
  })

  test('get a new secret at each sign-in, so that one planted before is worth nothing', async () => {
    const { email } = await member()
    const victim = new Person(project)
    victim.cookies.set(cookieName(project.ctx), 'planted'.repeat(6))
    await victim.signIn(email)
    expect(victim.cookies.get(cookieName(project.ctx))).not.toBe('planted'.repeat(6))
    const planter = new Person(project)
    planter.cookies.set(cookieName(project.ctx), 'planted'.repeat(6))
    expect([await status(victim), await status(planter)]).toEqual([200, 401])
  })

  test('know their person first by the header, then by the cookie', async () => {
    const [{ person: app, email }, { person: browser, email: other }] = [await member(), await member('browser')]
    expect(await browser.whoami()).toBe(other)
    const both = await browser.call('GET', '/sessions/whoami', { headers: { 'x-session-token': app.token ?? '' } })
    expect(both.body.identity.traits.email).toBe(email)
    const beside = await browser.call('GET', '/sessions/whoami', { headers: { authorization: `Bearer ${app.token}` } })
    expect(beside.body.identity.traits.email).toBe(other)
  })
})
