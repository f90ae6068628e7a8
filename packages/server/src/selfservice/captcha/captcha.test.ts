import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { openCaptchaProvider } from '../../../test/captcha-provider.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password, signedUp } from '../../../test/people.ts'
import { protectedFlows } from './provider.ts'
import { captchaScriptIntegrity } from './script.ts'

const secret = 'the secret of the site'
const demanded = 4000038

interface Node {
  attributes: { name?: string; id?: string }
}

describe.each(dsns)('a captcha on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let provider: Awaited<ReturnType<typeof openCaptchaProvider>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    provider = await openCaptchaProvider({ secret })
    project = await demanding()
  })
  afterEach(() => {
    provider.state.says = undefined
  })
  afterAll(async () => {
    await app.close()
    await provider.close()
  })

  function demanding(
    settings: object = {},
    others: { code?: object; security?: object; flows?: object; flags?: object } = {},
  ) {
    return app.project(({ selfservice, security, ...identity }) => {
      const { methods, flows } = selfservice
      const config = {
        ...{ byo: true as const, allowed_domains: [], legacy_inject_node: false },
        ...{ demand: 'always' as const, after_percent: 50, if_unavailable: 'refuse' as const },
        flows: [...protectedFlows],
        ...{ verify_url: provider.url, cf_turnstile: { sitekey: '1x00', secret } },
        ...settings,
      }
      return {
        ...identity,
        selfservice: {
          ...selfservice,
          flows: { ...flows, ...others.flows },
          methods: { ...methods, code: { ...methods.code, ...others.code }, captcha: { enabled: true, config } },
        },
        security: { ...security, ...others.security },
        feature_flags: { ...identity.feature_flags, ...others.flags },
      }
    })
  }

  const withToken = (token: unknown, name = 'turnstile') => ({
    transient_payload: { [`captcha_${name}_response`]: token },
  })

  async function attempt(at: TestProject, fields: object, kind: 'api' | 'browser' = 'api') {
    const person = new Person(at, kind)
    const answer = await person.run('registration', {
      ...{ method: 'password', traits: { email: freshEmail() }, password },
      ...fields,
    })
    return { status: answer.status, ids: messageIds(answer.body), body: answer.body }
  }

  test('is in the form as Ory Elements expects it', async () => {
    const { ui } = await new Person(project).begin('login')
    const ofGroup = ui.nodes.filter(({ group }: { group: string }) => group === 'captcha')
    const named = (name: string) =>
      ofGroup.find(({ attributes }: Node) => (attributes.name ?? attributes.id) === name)?.attributes
    expect(ofGroup).toHaveLength(3)
    expect(JSON.parse(named('captcha_turnstile_options').value)).toEqual({
      ...{ sitekey: '1x00', action: 'login', theme: 'auto' },
      response_field_name: 'transient_payload.captcha_turnstile_response',
    })
    expect(named('transient_payload.captcha_turnstile_response')).toMatchObject({ type: 'hidden', value: '' })
    const script = named('captcha_turnstile_script')
    expect(JSON.stringify(ui)).not.toContain(secret)
    expect(script.integrity).toBe(captchaScriptIntegrity)
    const served = await new Person(project).call('GET', new URL(script.src).pathname)
    expect([served.status, served.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
    const app = await new Person(project, 'api').begin('login')
    expect(app.ui.nodes.some(({ type }: { type: string }) => type === 'script')).toBe(false)
  })

  test('is demanded, and a token is accepted once', async () => {
    const before = provider.asked.length
    const missing = await attempt(project, {})
    expect([missing.status, missing.ids]).toEqual([400, [demanded]])
    expect(provider.asked).toHaveLength(before)
    const token = provider.token({ action: 'registration' })
    expect((await attempt(project, withToken(token))).status).toBe(200)
    expect(provider.asked.at(-1)).toEqual({ secret, response: token })
    expect((await attempt(project, withToken(token))).ids).toEqual([demanded])
    expect(provider.asked).toHaveLength(before + 1)
  })

  test('is redeemed by exactly one of many simultaneous submissions', async () => {
    const token = provider.token()
    const answers = await Promise.all(Array.from({ length: 6 }, () => attempt(project, withToken(token))))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test.each<[string, unknown]>([
    ['unknown to the provider', 'nonsense'],
    ['empty', ''],
    ['no text', { token: 1 }],
    ['with spaces', 'a b'],
    ['too long', 'x'.repeat(8193)],
  ])('refuses a token that is %s', async (_, token) => {
    const { status, ids } = await attempt(project, withToken(token))
    expect([status, ids]).toEqual([400, [demanded]])
  })

  test.each<[string, object]>([
    ['for another host', { hostname: 'phishing.example' }],
    ['for a host that only ends alike', { hostname: 'evil-localhost' }],
    ['for another flow', { action: 'login' }],
  ])('refuses a token %s', async (_, of) => {
    const { status, ids } = await attempt(project, withToken(provider.token(of)))
    expect([status, ids]).toEqual([400, [demanded]])
  })

  test('accepts the domains of the configuration and those below them, in place of its own', async () => {
    const at = await demanding({ allowed_domains: ['harbour.example'] })
    for (const hostname of ['harbour.example', 'login.Harbour.example'])
      expect((await attempt(at, withToken(provider.token({ hostname })))).status).toBe(200)
    for (const hostname of ['localhost', 'notharbour.example'])
      expect((await attempt(at, withToken(provider.token({ hostname })))).ids).toEqual([demanded])
  })

  test.each<[string, typeof provider.state.says]>([
    ['is down', { status: 503, text: 'down for maintenance' }],
    ['answers with what is no JSON', { status: 200, text: '<html>' }],
    ['answers without a verdict', {}],
    ['gives a huge answer', { status: 200, text: `{"success":true,"x":"${'x'.repeat(20_000)}"}` }],
    ['refuses the secret', { success: false, 'error-codes': ['invalid-input-secret'] }],
    ['has an error of its own', { success: false, 'error-codes': ['internal-error'] }],
  ])('refuses everybody while the provider %s', async (_, says) => {
    provider.state.says = says
    const asApp = await attempt(project, withToken(provider.token()))
    expect([asApp.status, asApp.body.error?.id]).toEqual([502, 'upstream_error'])
    const person = new Person(project)
    const flow = await person.begin('registration')
    const fields = { method: 'password', traits: { email: freshEmail() }, password, ...withToken(provider.token()) }
    await person.submit('registration', flow, fields, { accept: 'text/html' })
    const { body } = await person.call('GET', `/self-service/registration/flows?id=${flow.id}`)
    expect(messageIds(body)).toEqual([4000001])
    expect(body.ui.messages[0].text).toMatch(/not available/)
  })

  test('refuses while the provider does not answer in time', { timeout: 20_000 }, async () => {
    provider.state.says = 'nothing'
    expect((await attempt(project, withToken(provider.token()))).status).toBe(502)
  })

  test('can admit while the provider is down, but never what a wrong token causes', async () => {
    const at = await demanding({ if_unavailable: 'admit' })
    provider.state.says = { status: 500, text: '' }
    expect((await attempt(at, withToken(provider.token()))).status).toBe(200)
    expect((await attempt(at, {})).ids).toEqual([demanded])
    for (const says of [
      { status: 413, text: 'too large' },
      { success: false, 'error-codes': ['bad-request'] },
    ]) {
      provider.state.says = says
      expect((await attempt(at, withToken(provider.token()))).ids).toEqual([demanded])
    }
  })

  test('limits wrong tokens of a network', async () => {
    const { security } = (await app.project()).ctx.config.identity
    const at = await demanding({}, { security: { attempts: { ...security.attempts, per_address: 1 } } })
    // Loopback is shared by many clients, with ten times the limit.
    for (let i = 0; i < 10; i++) expect((await attempt(at, withToken(`wrong ${i}`.replace(' ', '-')))).status).toBe(400)
    expect((await attempt(at, withToken(provider.token()))).status).toBe(429)
  })

  test('asks hCaptcha with the key of the site, and reCAPTCHA for a score', async () => {
    const hcaptcha = await demanding({ cf_turnstile: undefined, hcaptcha: { sitekey: 'h', secret } })
    for (const hostname of ['localhost', 'not-provided'])
      expect((await attempt(hcaptcha, withToken(provider.token({ hostname }), 'hcaptcha'))).status).toBe(200)
    expect(provider.asked.at(-1)).toMatchObject({ sitekey: 'h' })
    expect((await attempt(hcaptcha, withToken(provider.token()))).ids).toEqual([demanded])
    const scored = { sitekey: 'r', secret, version: 'v3', min_score: 0.5 }
    const recaptcha = await demanding({ cf_turnstile: undefined, recaptcha: scored })
    const { ui } = await new Person(recaptcha).begin('login')
    const options = ui.nodes.find(
      ({ attributes }: { attributes: { name: string } }) => attributes.name === 'captcha_recaptcha_options',
    )
    expect(JSON.parse(options.attributes.value)).toMatchObject({ version: 'v3' })
    const withScore = (of: object) => attempt(recaptcha, withToken(provider.token(of), 'recaptcha'))
    expect((await withScore({ score: 0.5 })).status).toBe(200)
    for (const of of [{ score: 0.4 }, {}, { score: '0.9' }]) expect((await withScore(of)).ids).toEqual([demanded])
  })

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
