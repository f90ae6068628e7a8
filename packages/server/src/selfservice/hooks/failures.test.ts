import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ignored, interrupting, member, openHooked } from '../../../test/hooked.ts'
import { codeFor, freshEmail, Person } from '../../../test/people.ts'

const later = 'another lantern here'

describe('a web hook that fails after the flow is stored', () => {
  let hooked: Awaited<ReturnType<typeof openHooked>>
  beforeAll(async () => {
    hooked = await openHooked()
  })
  afterAll(() => hooked.close())

  type FlowName = 'login' | 'registration' | 'recovery' | 'verification' | 'settings'

  /** A project whose flow calls a hook that is broken, and one that works after it. */
  async function broken(name: FlowName, { path = `/broken-${name}`, status = 400, others = [] as object[] } = {}) {
    hooked.target.answers.set(path, { status })
    return hooked.withHooks(name, 'after', [hooked.webHook(path), hooked.webHook(`${path}-next`), ...others])
  }

  const unreachable = () => hooked.webHook('/', { url: 'http://127.0.0.1:1/' })

  test.each(['api', 'browser'] as const)('answers a sign-up (%s) with its account and session', async (kind) => {
    const project = await broken('registration', { others: [unreachable(), { hook: 'session' }] })
    const person = new Person(project, kind)
    const email = freshEmail()
    expect((await person.signUp(email)).status).toBe(200)
    expect(await person.whoami()).toBe(email)
    expect(hooked.target.at('/broken-registration-next').length).toBeGreaterThan(0)
  })

  test('answers a sign-in with its session', async () => {
    const project = await broken('login', { others: [unreachable()] })
    const { email, person } = await member(project)
    expect((await person.signIn(email)).status).toBe(200)
    expect(await person.whoami()).toBe(email)
    expect(hooked.target.at('/broken-login-next')).toHaveLength(1)
  })

  test('answers a change of settings as done, and ends the other sessions', async () => {
    const project = await broken('settings', { others: [{ hook: 'revoke_active_sessions' }] })
    const { email, person } = await member(project)
    const other = new Person(project, 'api')
    await person.signIn(email)
    await other.signIn(email)
    const change = { method: 'password', password: later }
    const answer = await person.submit('settings', await person.begin('settings'), change)
    expect([answer.status, answer.body.state]).toEqual([200, 'success'])
    expect([await person.whoami(), await other.whoami()]).toEqual([email, undefined])
    expect((await other.signIn(email, later)).status).toBe(200)
  })

  test('answers a recovery with its session', async () => {
    const project = await broken('recovery')
    const { email, person } = await member(project)
    const flow = await person.begin('recovery')
    await person.submit('recovery', flow, { method: 'code', email })
    const code = await codeFor(project.ctx, email)
    const answer = await person.submit('recovery', flow, { method: 'code', code })
    const actions = answer.body.continue_with.map(({ action }: { action: string }) => action)
    expect([answer.status, actions]).toEqual([200, ['set_ory_session_token', 'show_settings_ui']])
    expect(hooked.target.at('/broken-recovery-next')).toHaveLength(1)
  })

  test('answers a verification as done', async () => {
    const project = await broken('verification')
    const { email, person, id } = await member(project)
    const flow = await person.begin('verification')
    await person.submit('verification', flow, { method: 'code', email })
    const code = await codeFor(project.ctx, email)
    const answer = await person.submit('verification', flow, { method: 'code', code })
    expect([answer.status, answer.body.state]).toEqual([200, 'passed_challenge'])
    const { body } = await project.call('GET', `/admin/identities/${id}`)
    expect(body.verifiable_addresses).toMatchObject([{ verified: true }])
  })

  test.each([
    ['awaited', {}],
    ['ignored', ignored],
  ])('is repeated in the background, three attempts in all, if its answer is %s', async (what, more) => {
    const path = `/busy-${what}`
    hooked.target.answers.set(path, { status: 503 })
    const project = await hooked.withHooks('login', 'after', [hooked.webHook(path, more)])
    const { email, person } = await member(project)
    expect((await person.signIn(email)).status).toBe(200)
    expect(hooked.target.at(path).length).toBeLessThan(3)
    await hooked.target.called(path, 3)
    const calls = hooked.target.at(path)
    expect(new Set(calls.map(({ text }) => text)).size).toBe(1)
    expect(new Set(calls.map(({ headers }) => headers['ory-webhook-trigger-id'])).size).toBe(1)
    expect(new Set(calls.map(({ headers }) => headers['ory-webhook-request-id'])).size).toBe(3)
  })

  test('is not repeated if the receiver says that the request is wrong', async () => {
    const project = await broken('login', { path: '/wrong', status: 422 })
    const { email, person } = await member(project)
    await person.signIn(email)
    hooked.target.answers.set('/wrong', { status: 503 })
    await new Person(project, 'api').signIn(email)
    await hooked.target.called('/wrong', 4)
    expect(hooked.target.at('/wrong')).toHaveLength(4)
  })
})

describe('a web hook that is asked before anything is stored', () => {
  let hooked: Awaited<ReturnType<typeof openHooked>>
  beforeAll(async () => {
    hooked = await openHooked()
  })
  afterAll(() => hooked.close())

  test('lets the flow pass if a repetition succeeds', async () => {
    hooked.target.answers.set('/recovers', { status: 503 })
    const project = await hooked.withHooks('registration', 'after', [hooked.webHook('/recovers', interrupting)])
    const answer = new Person(project, 'api').signUp(freshEmail())
    await hooked.target.called('/recovers')
    hooked.target.answers.set('/recovers', { status: 200 })
    expect((await answer).status).toBe(200)
    expect(hooked.target.at('/recovers')).toHaveLength(2)
  })

  test.each(['login', 'settings'] as const)('ends a %s that it cannot be asked about', async (name) => {
    const project = await hooked.withHooks(name, 'after', [
      hooked.webHook('/', { ...interrupting, url: 'http://127.0.0.1:1/' }),
    ])
    const { email, person } = await member(project)
    const signedIn = await person.signIn(email)
    if (name === 'login') return expect([signedIn.status, person.token]).toEqual([502, undefined])
    const change = { method: 'password', password: later }
    expect((await person.submit('settings', await person.begin('settings'), change)).status).toBe(502)
    expect((await new Person(project, 'api').signIn(email)).status).toBe(200)
  })
})
