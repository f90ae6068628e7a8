import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person } from '../../../../test/people.ts'

describe.each(dsns)('a code as the second factor, on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await withSecondFactor('highest_available')
  })
  afterAll(() => app.close())

  function withSecondFactor(required: 'aal1' | 'highest_available') {
    return app.project(({ selfservice, session, ...identity }) => {
      const { methods, flows } = selfservice
      const code = { ...methods.code, enabled: true, passwordless_enabled: false, mfa_enabled: true }
      const settings = { ...flows.settings, required_aal: required }
      return {
        ...identity,
        session: { ...session, whoami: { ...session.whoami, required_aal: required } },
        selfservice: { ...selfservice, methods: { ...methods, code }, flows: { ...flows, settings } },
      }
    })
  }

  async function halfSigned(at = project) {
    const email = freshEmail()
    await new Person(at, 'api').signUp(email)
    const person = new Person(at, 'api')
    await person.signIn(email)
    return { person, email }
  }
  async function second({ person, email }: { person: Person; email: string }) {
    const flow = await person.begin('login', '?aal=aal2')
    if (flow.state !== 'sent_email') await person.submit('login', flow, { method: 'code', address: email })
    return { flow, code: await codeFor(person.project.ctx, email) }
  }
  const whoami = (person: Person) => person.call('GET', '/sessions/whoami')

  test('is wanted by whoami and the settings before they answer, and enough for both', async () => {
    const one = await halfSigned()
    for (const path of ['/sessions/whoami', '/self-service/settings/api']) {
      const { status, body } = await one.person.call('GET', path)
      expect([path, status, body.error.id]).toEqual([path, 403, 'session_aal2_required'])
    }
    const { flow, code } = await second(one)
    const answer = await one.person.submit('login', flow, { method: 'code', code })
    expect(answer.status).toBe(200)
    const { body } = await whoami(one.person)
    expect(body.authenticator_assurance_level).toBe('aal2')
    expect(body.authentication_methods.map(({ method }: { method: string }) => method)).toEqual(['password', 'code'])
    expect((await one.person.call('GET', '/self-service/settings/api')).status).toBe(200)
  })

  test('is wanted before sessions are shown or ended', async () => {
    const one = await halfSigned()
    const calls = [
      ['GET', '/sessions'],
      ['DELETE', '/sessions'],
      ['DELETE', '/sessions/7a3a8b0e-1f6e-4a2b-9a86-9d8a3f6f0e11'],
    ] as const
    for (const [method, path] of calls) {
      const { status, body } = await one.person.call(method, path)
      expect([method, path, status, body.error.id]).toEqual([method, path, 403, 'session_aal2_required'])
    }
  })

  test('is not wanted where aal1 is enough', async () => {
    const { person } = await halfSigned(await withSecondFactor('aal1'))
    expect((await whoami(person)).status).toBe(200)
  })

  test('is wanted for settings also when the flow was begun before, or by a recovery', async () => {
    const { email } = await halfSigned()
    const person = new Person(project, 'api')
    const flow = await person.begin('recovery')
    await person.submit('recovery', flow, { method: 'code', email })
    const recovered = await person.submit('recovery', flow, { method: 'code', code: await codeFor(project.ctx, email) })
    const [token, show] = recovered.body.continue_with
    person.token = token.ory_session_token
    const shown = await person.call('GET', `/self-service/settings/flows?id=${show.flow.id}`)
    expect([shown.status, shown.body.error.id]).toEqual([403, 'session_aal2_required'])
    const sent = await person.submit('settings', show.flow, { method: 'password', password: 'a ferry in the fog' })
    expect([sent.status, sent.body.error.id]).toEqual([403, 'session_aal2_required'])
    expect((await new Person(project, 'api').signIn(email)).status).toBe(200)
  })

  test('is refused without a first one', async () => {
    const answer = await new Person(project, 'api').call('GET', '/self-service/login/api?aal=aal2')
    expect(answer.status).toBe(401)
  })

  test('does not sign in by itself', async () => {
    const { email } = await halfSigned()
    const person = new Person(project, 'api')
    const answer = await person.submit('login', await person.begin('login'), { method: 'code', identifier: email })
    expect([answer.status, messageIds(answer.body)]).toEqual([400, [4010002]])
  })

  test('of one person does not serve another', async () => {
    const [one, other] = [await halfSigned(), await halfSigned()]
    const { flow, code } = await second(one)
    const answer = await other.person.submit('login', flow, { method: 'code', code })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect((await whoami(other.person)).body.error.id).toBe('session_aal2_required')
  })

  test('goes to an address of the account only', async () => {
    const [one, other] = [await halfSigned(), await halfSigned()]
    const { flow } = await second(one)
    const before = await project.ctx.db
      .selectFrom('courier_messages')
      .select('id')
      .where('recipient', '=', other.email)
      .execute()
    for (const address of [other.email, freshEmail('nobody')]) {
      const { status, body } = await one.person.submit('login', flow, { method: 'code', address, resend: 'code' })
      expect([status, messageIds(body)]).toEqual([400, [4000035]])
    }
    const after = await project.ctx.db
      .selectFrom('courier_messages')
      .select('id')
      .where('recipient', '=', other.email)
      .execute()
    expect(after).toEqual(before)
  })

  test('guessed at too often is refused even if it is right', async () => {
    const one = await halfSigned()
    const { flow, code } = await second(one)
    const wrong = code === '000000' ? '000001' : '000000'
    for (let i = 0; i < 5; i++) await one.person.submit('login', flow, { method: 'code', code: wrong })
    await one.person.submit('login', flow, { method: 'code', code })
    expect((await whoami(one.person)).status).toBe(403)
  })

  test('stays with the session that gave it: another of the same person is still half signed in', async () => {
    const one = await halfSigned()
    const { flow, code } = await second(one)
    const again = new Person(project, 'api')
    await again.signIn(one.email)
    await one.person.submit('login', flow, { method: 'code', code })
    expect([(await whoami(one.person)).status, (await whoami(again)).status]).toEqual([200, 403])
  })
})
