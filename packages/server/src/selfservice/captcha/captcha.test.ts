import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { attempt, captchaSecret, projectWithCaptcha, withToken } from '../../../test/captcha.ts'
import { openCaptchaProvider } from '../../../test/captcha-provider.ts'
import { freshEmail, messageIds, openFlows, Person, password } from '../../../test/people.ts'
import { captchaScriptIntegrity } from './script.ts'

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
    expect(JSON.stringify(ui)).not.toContain(captchaSecret)
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
    expect(provider.asked.at(-1)).toEqual({ secret: captchaSecret, response: token })
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
    const hcaptcha = await demanding({ cf_turnstile: undefined, hcaptcha: { sitekey: 'h', secret: captchaSecret } })
    for (const hostname of ['localhost', 'not-provided'])
      expect((await attempt(hcaptcha, withToken(provider.token({ hostname }), 'hcaptcha'))).status).toBe(200)
    expect(provider.asked.at(-1)).toMatchObject({ sitekey: 'h' })
    expect((await attempt(hcaptcha, withToken(provider.token()))).ids).toEqual([demanded])
    const scored = { sitekey: 'r', secret: captchaSecret, version: 'v3', min_score: 0.5 }
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
})
