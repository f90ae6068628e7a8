import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { codeFor, openFlows, Person, password, signedUp } from '../../../test/people.ts'

const perAccount = 3
const wrong = 'not the one'

describe.each(dsns)('guesses on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project(({ security, selfservice, ...identity }) => {
      const { methods } = selfservice
      const attempts = { ...security.attempts, enabled: true, per_account: perAccount, per_address: 1000 }
      const code = { ...methods.code, mfa_enabled: true, passwordless_enabled: true }
      return {
        ...identity,
        security: { ...security, attempts },
        selfservice: { ...selfservice, methods: { ...methods, code } },
      }
    })
  })
  afterAll(() => app.close())

  /** Somebody whose password others guessed until it was locked. */
  async function locked(kind: 'api' | 'browser' = 'api') {
    const { person, email } = await signedUp(project, kind)
    for (let i = 0; i < perAccount; i++) await new Person(project, 'api').signIn(email, wrong)
    return { person, email }
  }

  test('lock the password in every form, also the right one', async () => {
    const { email } = await locked()
    const byOldName = { method: 'password', password_identifier: email, password }
    expect((await new Person(project, 'api').run('login', byOldName)).status).toBe(429)
    for (const kind of ['api', 'browser'] as const) {
      const person = new Person(project, kind)
      expect((await person.signIn(email)).status).toBe(429)
      expect(await person.whoami()).toBeUndefined()
    }
  })

  test('at the password lock neither a code for sign-in nor recovery', async () => {
    const { email } = await locked()
    const byCode = new Person(project, 'api')
    const login = await byCode.begin('login')
    await byCode.submit('login', login, { method: 'code', identifier: email })
    const code = await codeFor(project.ctx, email)
    expect((await byCode.submit('login', login, { method: 'code', identifier: email, code })).status).toBe(200)
    const recovering = new Person(project, 'api')
    const recovery = await recovering.begin('recovery')
    await recovering.submit('recovery', recovery, { method: 'code', email })
    const recovered = await recovering.submit('recovery', recovery, {
      method: 'code',
      code: await codeFor(project.ctx, email),
    })
    expect(recovered.status).toBe(200)
    expect(recovered.body.state).toBe('passed_challenge')
  })

  test('of others do not lock out a browser in which the person has signed in before', async () => {
    const { person, email } = await locked('browser')
    const logout = await person.call('GET', '/self-service/logout/browser')
    await person.call('GET', `/self-service/logout?token=${logout.body.logout_token}`)
    expect(await person.whoami()).toBeUndefined()
    // The password is accepted, and the second factor is next.
    expect((await person.signIn(email)).status).toBe(422)
    // But it has no more guesses than others.
    await person.call('DELETE', '/sessions')
    const again = new Person(project)
    for (const [name, value] of person.cookies) if (name.startsWith('csrf')) again.cookies.set(name, value)
    const statuses = []
    for (let i = 0; i <= perAccount; i++) statuses.push((await again.signIn(email, wrong)).status)
    expect(statuses).toEqual([400, 400, 400, 429])
  })

  test('at the second factor are not forgotten when the first one is given again', async () => {
    const { email } = await signedUp(project, 'api')
    const statuses = []
    for (let i = 0; i <= perAccount; i++) {
      const person = new Person(project, 'api')
      expect((await person.signIn(email)).status).toBe(200)
      const flow = await person.begin('login', '?aal=aal2')
      if (flow.state !== 'sent_email') await person.submit('login', flow, { method: 'code', address: email })
      statuses.push((await person.submit('login', flow, { method: 'code', code: 'abcdef' })).status)
    }
    expect(statuses).toEqual([400, 400, 400, 429])
  })

  test('at the second factor are not forgotten in a browser that is known, either', async () => {
    const { person, email } = await signedUp(project, 'browser')
    const statuses = []
    for (let i = 0; i <= perAccount; i++) {
      const flow = await person.begin('login', '?aal=aal2')
      if (flow.state !== 'sent_email') await person.submit('login', flow, { method: 'code', address: email })
      statuses.push((await person.submit('login', flow, { method: 'code', code: 'abcdef' })).status)
      await person.run('login', { method: 'password', identifier: email, password })
    }
    expect(statuses).toEqual([400, 400, 400, 429])
  })

  test('count for an identity, whichever of its identifiers is typed', async () => {
    const { email } = await signedUp(project, 'api')
    const typed = [email, email.toUpperCase(), ` ${email} `, email]
    const statuses = []
    for (const identifier of typed) statuses.push((await new Person(project, 'api').signIn(identifier, wrong)).status)
    expect(statuses).toEqual([400, 400, 400, 429])
  })
})
