import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { attempt, captchaSecret, projectWithCaptcha, withToken } from '../../../test/captcha.ts'
import { openCaptchaProvider } from '../../../test/captcha-provider.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password, signedUp } from '../../../test/people.ts'

const demanded = 4000038

describe.each(dsns)('the demand for a captcha on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let provider: Awaited<ReturnType<typeof openCaptchaProvider>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    provider = await openCaptchaProvider({ secret: captchaSecret })
    project = await demanding()
  })
  afterEach(() => {
    provider.state.says = undefined
  })
  afterAll(async () => {
    await app.close()
    await provider.close()
  })

  const demanding = (...how: [settings?: object, others?: Parameters<typeof projectWithCaptcha>[3]]) =>
    projectWithCaptcha(app, provider.url, ...how)

  test('is demanded of chosen flows only', async () => {
    const at = await demanding({ flows: ['registration'] })
    expect((await attempt(at, {})).ids).toEqual([demanded])
    const { body } = await new Person(at, 'api').signIn(freshEmail())
    expect(messageIds(body)).toEqual([4000006])
  })

  test('is demanded of every guess, but not of the code that was asked for with one', async () => {
    const at = await demanding({}, { code: { passwordless_enabled: true } })
    const { email } = await signedUpWith(at)
    const person = new Person(at, 'api')
    const flow = await person.begin('login')
    const submit = (fields: object) => person.submit('login', flow, { identifier: email, ...fields })
    const wrong = { method: 'password', password: 'wrong' }
    expect(messageIds((await submit({ ...wrong, ...withToken(provider.token()) })).body)).toEqual([4000006])
    expect(messageIds((await submit(wrong)).body)).toEqual([demanded])
    expect(messageIds((await submit({ method: 'code' })).body)).toEqual([demanded])
    const sent = await submit({ method: 'code', ...withToken(provider.token()) })
    expect(messageIds(sent.body)).toEqual([1010014])
    expect(sent.body.ui.nodes.some(({ group }: { group: string }) => group === 'captcha')).toBe(false)
    const code = await codeFor(at.ctx, email)
    // A code beside a password, or a request for another code, does not replace the token.
    for (const fields of [
      { ...wrong, code },
      { method: 'code', code, resend: 'code' },
    ])
      expect(messageIds((await submit(fields)).body)).toEqual([demanded])
    expect((await submit({ method: 'code', code })).status).toBe(200)
  })

  async function signedUpWith(at: TestProject) {
    const email = freshEmail()
    const person = new Person(at, 'api')
    expect((await person.signUp(email, withToken(provider.token()))).status).toBe(200)
    return { person, email }
  }

  test('is demanded of each address in a recovery that lets people choose, but not of the code', async () => {
    const at = await demanding({}, { flows: await recoveryOn(), flags: { choose_recovery_address: true } })
    const { email } = await signedUpWith(at)
    const person = new Person(at, 'api')
    const flow = await person.begin('recovery')
    const submit = (fields: object) => person.submit('recovery', flow, { method: 'code', ...fields })
    expect(messageIds((await submit({ recovery_address: email })).body)).toEqual([demanded])
    const sent = await submit({ recovery_address: email, ...withToken(provider.token()) })
    expect(sent.body.state).toBe('recovery_awaiting_code')
    expect(messageIds((await submit({ recovery_confirm_address: email })).body)).toContain(demanded)
    expect((await submit({ code: await codeFor(at.ctx, email) })).body.state).toBe('passed_challenge')
  })

  async function recoveryOn() {
    const { recovery } = (await app.project()).ctx.config.identity.selfservice.flows
    return { recovery: { ...recovery, enabled: true } }
  }

  test('is not demanded of a second factor', async () => {
    const at = await demanding({}, { code: { mfa_enabled: true } })
    const { person } = await signedUpWith(at)
    const { ui } = await person.begin('login', '?aal=aal2')
    expect(ui.nodes.some(({ group }: { group: string }) => group === 'captcha')).toBe(false)
  })

  test('is demanded once guessing is seen, in place of a proof of work', async () => {
    const { security } = (await app.project()).ctx.config.identity
    const limits = {
      attempts: { ...security.attempts, enabled: true, per_account: 10, per_address: 1000 },
      proof_of_work: { ...security.proof_of_work, enabled: true, difficulty: 1000, after_percent: 40 },
    }
    const at = await demanding({ demand: 'when_guessed', after_percent: 30 }, { security: limits })
    const { email } = await signedUp(at, 'api')
    const person = new Person(at, 'api')
    const flow = await person.begin('login')
    const submit = (given: string, more: object = {}) =>
      person.submit('login', flow, { method: 'password', identifier: email, password: given, ...more })
    for (let i = 0; i < 3; i++) expect(messageIds((await submit('wrong')).body)).toEqual([4000006])
    const refused = await submit(password)
    expect(messageIds(refused.body)).toEqual([demanded])
    const names = refused.body.ui.nodes.map(({ attributes }: { attributes: { name: string } }) => attributes.name)
    expect(names).toContain('captcha_turnstile_options')
    expect(names).not.toContain('captcha_proof_of_work_options')
    // Nothing is counted without a token, with a wrong one, or while the provider is down.
    for (let i = 0; i < 8; i++) await submit('wrong', withToken(`nothing-${i}`))
    provider.state.says = { status: 500, text: '' }
    expect((await submit(password, withToken(provider.token()))).status).toBe(502)
    provider.state.says = undefined
    expect(messageIds((await submit('wrong', withToken(provider.token()))).body)).toEqual([4000006])
    expect((await submit(password, withToken(provider.token()))).status).toBe(200)
  })

  test('comes back in the form of a browser, and is explained to an administrator', async () => {
    const person = new Person(project)
    const flow = await person.begin('registration')
    const fields = { method: 'password', 'traits.email': freshEmail(), password }
    await person.submit('registration', flow, fields, { accept: 'text/html' })
    const token = provider.token()
    const answer = await person.submit(
      'registration',
      flow,
      { ...fields, ...withToken(token) },
      { accept: 'text/html' },
    )
    expect(answer.status).toBe(303)
    const { body } = await project.call('GET', `/admin/explanations/${flow.id}`)
    const steps = body.steps.filter(({ step }: { step: string }) => step === 'captcha')
    expect(steps).toMatchObject([{ outcome: 'refused', provider: 'turnstile' }, { outcome: 'passed' }])
    expect(JSON.stringify(body)).not.toContain(token)
  })
})
