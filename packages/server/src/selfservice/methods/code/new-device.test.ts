import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password } from '../../../../test/people.ts'
import { clean } from '../../../app/cleaning.ts'
import { listMailbox } from '../../../courier/mailbox.ts'
import { findByIdentifier } from '../../../identity/index.ts'
import { markVerified } from '../../flow/address-status.ts'

const sent = 1010014
const wrongPassword = 4000006
const wrongCode = 4010008
const cookieName = 'ory_kratos_known_devices'
const dayMs = 24 * 3_600_000
const other = 'a ferry behind the fog'

describe.each(dsns)('a code for a new device on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await demanding()
  })
  afterAll(() => app.close())

  const demanding = (settings: object = {}, passwordless = false) =>
    app.project(({ security, selfservice, ...identity }) => {
      const { methods } = selfservice
      const code = { ...methods.code, passwordless_enabled: passwordless, mfa_enabled: false }
      const device = { enabled: true, known_for: 90 * dayMs, max_devices: 20, ...settings }
      return {
        ...identity,
        selfservice: { ...selfservice, methods: { ...methods, code } },
        security: { ...security, new_device_code: device, messages: { ...security.messages, per_recipient: 100 } },
      }
    })

  /** Somebody who has signed up in a browser with an address that is verified. */
  async function registered(at = project) {
    const person = new Person(at)
    const email = freshEmail()
    expect((await person.signUp(email)).status).toBe(200)
    const id = (await findByIdentifier(at.ctx, 'password', email))?.document.id ?? ''
    await markVerified(at.ctx, id, 'email', email)
    return { person, email, id }
  }

  const mailsTo = async (to: string, at = project) => (await listMailbox(at.ctx, { to, limit: 50 })).length
  const enter = (person: Person, flow: { id: string }, code: string, more: object = {}) =>
    person.submit('login', flow, { method: 'code', code, ...more })

  /** A browser in which somebody has signed in with the code. */
  async function secondBrowser(email: string, at = project) {
    const person = new Person(at)
    const { body } = await person.signIn(email)
    expect((await enter(person, body, await codeFor(at.ctx, email))).status).toBe(200)
    return person
  }

  /** Signs in again: without the session, and with the cookie of the device. */
  async function again(person: Person, email: string, secret = password, at = project) {
    const later = new Person(at)
    const token = person.cookies.get(cookieName)
    if (token) later.cookies.set(cookieName, token)
    return (await later.signIn(email, secret)).status
  }

  test.each(['browser', 'api'] as const)('is needed beside the right password, once (%s)', async (kind) => {
    const { email } = await registered()
    const person = new Person(project, kind)
    const demanded = await person.signIn(email)
    expect([demanded.status, messageIds(demanded.body), demanded.body.active]).toEqual([400, [sent], 'code'])
    const names = demanded.body.ui.nodes.map((node: { attributes: { name: string } }) => node.attributes.name)
    expect(names.filter((name: string) => name !== 'csrf_token')).toEqual(['method', 'code', 'method', 'resend'])
    expect([await person.whoami(), JSON.stringify(demanded.body)]).toEqual([
      undefined,
      expect.not.stringContaining(email),
    ])
    const code = await codeFor(project.ctx, email)
    const [mail] = await listMailbox(project.ctx, { to: email, limit: 1 })
    expect(mail?.text).toContain('Somebody has entered your password')
    const wrong = await enter(person, demanded.body, code === '000000' ? '000001' : '000000')
    expect([wrong.status, messageIds(wrong.body)]).toEqual([400, [wrongCode]])
    const done = await enter(person, demanded.body, code)
    expect(done.status).toBe(200)
    expect(done.body.session.authentication_methods).toMatchObject([{ method: 'password', aal: 'aal1' }])
    expect(await person.whoami()).toBe(email)
    const reused = await enter(new Person(project, kind), demanded.body, code)
    expect(reused.status).toBeGreaterThanOrEqual(400)
    expect(await again(person, email)).toBe(kind === 'browser' ? 200 : 400)
  })

  test('is not needed in the browser of the registration, nor where the session goes on', async () => {
    const { person, email } = await registered()
    const before = await mailsTo(email)
    expect(await again(person, email)).toBe(200)
    person.cookies.delete(cookieName)
    const flow = await person.begin('login', '?refresh=true')
    expect((await person.submit('login', flow, { method: 'password', identifier: email, password })).status).toBe(200)
    expect(await mailsTo(email)).toBe(before)
  })

  test('is not sent for a wrong password, which is answered as ever', async () => {
    const { email } = await registered()
    const before = await mailsTo(email)
    const [known, unknown] = [
      await new Person(project).signIn(email, other),
      await new Person(project).signIn(freshEmail()),
    ]
    expect([known, unknown].map(({ status, body }) => [status, messageIds(body)])).toEqual([
      [400, [wrongPassword]],
      [400, [wrongPassword]],
    ])
    expect(known.headers['set-cookie'] ?? '').not.toContain(cookieName)
    expect(await mailsTo(email)).toBe(before)
  })

  test('is not needed where there is no verified address', async () => {
    const email = freshEmail()
    await new Person(project).signUp(email)
    const person = new Person(project)
    expect((await person.signIn(email)).status).toBe(200)
    expect(person.cookies.has(cookieName)).toBe(false)
  })

  test('counts in its own flow only, without another one in between', async () => {
    const { email } = await registered()
    const [one, two] = [new Person(project, 'api'), new Person(project, 'api')]
    const first = (await one.signIn(email)).body
    const firstCode = await codeFor(project.ctx, email)
    const second = (await two.signIn(email)).body
    expect(messageIds((await enter(two, second, firstCode)).body)).toEqual([wrongCode])
    const again = await one.submit('login', first, { method: 'code', resend: 'code' })
    expect([again.status, messageIds(again.body)]).toEqual([400, [sent]])
    const newest = await codeFor(project.ctx, email)
    if (newest !== firstCode) expect(messageIds((await enter(one, first, firstCode)).body)).toEqual([wrongCode])
    expect((await enter(one, first, newest)).status).toBe(200)
    const empty = await two.submit('login', second, { method: 'code' })
    expect([empty.status, messageIds(empty.body)]).toEqual([400, [4000002]])
  })

  test('needs the flow in which the password was right', async () => {
    const { email } = await registered()
    await new Person(project, 'api').signIn(email)
    const stranger = new Person(project, 'api')
    const answer = await enter(stranger, await stranger.begin('login'), await codeFor(project.ctx, email))
    expect([answer.status, await stranger.whoami()]).toEqual([400, undefined])
  })

  test('is no code to sign in without a password, nor the other way round', async () => {
    const at = await demanding({}, true)
    const { email, id } = await registered(at)
    const person = new Person(at, 'api')
    const flow = await person.begin('login')
    await person.submit('login', flow, { method: 'code', identifier: email })
    const passwordless = await codeFor(at.ctx, email)
    await person.submit('login', flow, { method: 'password', identifier: email, password })
    const device = await codeFor(at.ctx, email)
    if (passwordless !== device)
      expect(messageIds((await enter(person, flow, passwordless, { identifier: email })).body)).toEqual([wrongCode])
    expect((await enter(person, flow, device)).status).toBe(200)
    const rows = await at.ctx.db.selectFrom('codes').select('purpose').where('identity_id', '=', id).execute()
    expect(rows.map(({ purpose }) => purpose)).toContain('new device')
  })

  test('is redeemed by exactly one of many simultaneous submissions', async () => {
    const { email } = await registered()
    const person = new Person(project, 'api')
    const { body } = await person.signIn(email)
    const code = await codeFor(project.ctx, email)
    const answers = await Promise.all([1, 2, 3, 4].map(() => enter(new Person(project, 'api'), body, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('admits few guesses', async () => {
    const { email } = await registered()
    const person = new Person(project, 'api')
    const { body } = await person.signIn(email)
    const code = await codeFor(project.ctx, email)
    for (let guess = 0; guess < 5; guess++) await enter(person, body, `x${guess}`)
    const late = await enter(person, body, code)
    expect([late.status, await person.whoami()]).toEqual([400, undefined])
  })

  test('is not accepted after the password or the address was changed', async () => {
    const { person: owner, email, id } = await registered()
    const person = new Person(project, 'api')
    const { body } = await person.signIn(email)
    const code = await codeFor(project.ctx, email)
    const changed = await owner.run('settings', { method: 'password', password: other })
    expect(changed.status).toBe(200)
    const late = await enter(person, body, code)
    expect([late.status, messageIds(late.body)]).toEqual([400, [4000001]])
    expect((await person.submit('login', body, { method: 'password', identifier: email, password })).status).toBe(400)
    const next = await person.submit('login', body, { method: 'password', identifier: email, password: other })
    expect(messageIds(next.body)).toEqual([sent])
    const nextCode = await codeFor(project.ctx, email)
    await project.call('PATCH', `/admin/identities/${id}`, {
      json: [{ op: 'replace', path: '/state', value: 'inactive' }],
    })
    const refused = await enter(person, body, nextCode)
    expect([refused.status, await person.whoami()]).toEqual([401, undefined])
  })

  test('is needed with the cookie of somebody else, or a forged one', async () => {
    const [ada, grace] = [await registered(), await registered()]
    expect(await again(grace.person, ada.email)).toBe(400)
    const forged = new Person(project)
    for (const value of ['A'.repeat(43), `${'A'.repeat(43)}.${'B'.repeat(43)}`, 'nonsense', '', '.'.repeat(3000)]) {
      forged.cookies.set(cookieName, value)
      expect(await again(forged, ada.email)).toBe(400)
    }
  })

  test('lets people share a browser, and trusts no token that was planted in it', async () => {
    const [ada, grace] = [await registered(), await registered()]
    const shared = new Person(project)
    const planted = 'C'.repeat(43)
    shared.cookies.set(cookieName, planted)
    for (const { email } of [ada, grace]) {
      for (const name of shared.cookies.keys()) if (name !== cookieName) shared.cookies.delete(name)
      const { body } = await shared.signIn(email)
      expect((await enter(shared, body, await codeFor(project.ctx, email))).status).toBe(200)
    }
    expect([await again(shared, ada.email), await again(shared, grace.email)]).toEqual([200, 200])
    const attacker = new Person(project)
    attacker.cookies.set(cookieName, planted)
    expect(await again(attacker, ada.email)).toBe(400)
  })

  test.each<[string, (owner: Person, id: string) => Promise<{ status: number }>]>([
    ['the other sessions are ended', (owner) => owner.call('DELETE', '/sessions')],
    ['an administrator ends all sessions', (_, id) => project.call('DELETE', `/admin/identities/${id}/sessions`)],
  ])('is needed again after %s', async (_, end) => {
    const { person, email, id } = await registered()
    const second = await secondBrowser(email)
    expect(await again(second, email)).toBe(200)
    expect((await end(person, id)).status).toBeLessThan(300)
    expect([await again(second, email), await again(person, email)]).toEqual([400, 400])
  })

  test('is needed again elsewhere after the password was changed', async () => {
    const { person, email } = await registered()
    const second = await secondBrowser(email)
    expect((await person.run('settings', { method: 'password', password: other })).status).toBe(200)
    expect([await again(second, email, other), await again(person, email, other)]).toEqual([400, 200])
  })

  test('is needed again in the oldest browser when there are too many', async () => {
    const at = await demanding({ max_devices: 2 })
    const { person, email } = await registered(at)
    app.clock.advance(1000)
    const second = await secondBrowser(email, at)
    app.clock.advance(1000)
    const third = await secondBrowser(email, at)
    const statuses = [person, second, third].map((one) => again(one, email, password, at))
    expect(await Promise.all(statuses)).toEqual([400, 200, 200])
  })

  test('is needed again after a while, and the row of the browser is removed', async () => {
    const at = await demanding()
    const { person, email, id } = await registered(at)
    const devices = () => at.ctx.db.selectFrom('known_devices').select('hash').where('identity_id', '=', id).execute()
    app.clock.advance(89 * dayMs)
    expect(await again(person, email, password, at)).toBe(200)
    app.clock.advance(2 * dayMs)
    expect(await again(person, email, password, at)).toBe(400)
    const settings = () => ({ batch_size: 100, older_than: 0, sleep: { tables: 60_000 } })
    await clean({ database: app.database, clock: app.clock, settings }, new AbortController().signal)
    expect(await devices()).toEqual([])
  })

  test('expires', async () => {
    const { email } = await registered()
    const person = new Person(project, 'api')
    const { body } = await person.signIn(email)
    const code = await codeFor(project.ctx, email)
    app.clock.advance(2 * 3_600_000)
    const late = await enter(person, body, code)
    expect([late.status >= 400, await person.whoami()]).toEqual([true, undefined])
  })

  test('is forgotten with the identity, and its cookie is no secret of the database', async () => {
    const { person, id } = await registered()
    const rows = () => project.ctx.db.selectFrom('known_devices').selectAll().where('identity_id', '=', id).execute()
    const stored = await rows()
    expect(stored).toHaveLength(1)
    expect(JSON.stringify(stored)).not.toContain(person.cookies.get(cookieName))
    expect((await project.call('DELETE', `/admin/identities/${id}`)).status).toBe(204)
    expect(await rows()).toEqual([])
  })
})
