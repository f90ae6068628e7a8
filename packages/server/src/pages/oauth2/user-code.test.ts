import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { Application, joinedRoutes, Visitor } from '../../../test/application.ts'
import { post, tokenRequest } from '../../../test/oauth2-flows.ts'
import { freshEmail } from '../../../test/people.ts'

describe.each(dsns)('the page for codes of devices on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, joinedRoutes)
    project = await app.project()
  })
  afterAll(() => app.close())

  async function device(more: object = {}, at = project) {
    const application = await Application.register(at, more)
    const { client_id, client_secret } = application.client
    const { body } = await post(at, '/oauth2/device/auth', { client_id, client_secret, scope: 'openid email' })
    return { application, code: body }
  }

  async function person(at = project) {
    const visitor = new Visitor(at)
    await visitor.signUp(freshEmail())
    return visitor
  }

  test('leads to the consent, which names the device, and to its tokens', async () => {
    // Also an application of the project itself asks, because anybody could have sent the code to the person.
    const { application, code } = await device({ skip_consent: true })
    const visitor = await person()
    const form = await visitor.open(code.verification_uri_complete)
    expect(visitor.url).toContain('/ui/device?device_challenge=')
    expect(form?.body).toContain(`value="${code.user_code}"`)
    const fields = { device_challenge: visitor.hidden('device_challenge'), user_code: code.user_code }
    const consent = await visitor.send('/ui/device', fields)
    expect(consent?.body).toContain('A device asks for access.')
    expect(consent?.body).not.toContain('name="remember"')
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code.device_code }
    expect((await tokenRequest(project, application.client, grant)).body.error).toBe('authorization_pending')
    app.clock.advance(10_000)
    const decision = { consent_challenge: visitor.hidden('consent_challenge'), decision: 'accept' }
    const done = await visitor.send('/ui/consent', decision)
    expect(visitor.url).toContain('/ui/device/done')
    expect(done?.body).toContain('Your device is signed in')
    const { body } = await tokenRequest(project, application.client, grant)
    expect(body).toMatchObject({ access_token: expect.any(String), scope: 'openid email' })
  })

  test('shows the form again for a wrong code, and refuses one without the anti-CSRF token', async () => {
    const { code } = await device()
    const visitor = await person()
    await visitor.open(code.verification_uri)
    const deviceChallenge = visitor.hidden('device_challenge')
    const wrong = await visitor.send('/ui/device', { device_challenge: deviceChallenge, user_code: 'WRONGONE' })
    expect(wrong?.status).toBe(400)
    expect(wrong?.body).toContain('This code is not known.')
    const long = await visitor.send('/ui/device', { device_challenge: deviceChallenge, user_code: 'X'.repeat(10_000) })
    expect(long?.status).toBe(400)
    const forged = { device_challenge: deviceChallenge, user_code: code.user_code, csrf_token: '' }
    expect((await visitor.send('/ui/device', forged))?.status).toBe(403)
  })

  test('takes small letters for large ones where codes have none', async () => {
    const large = await app.project(undefined, (oauth2) => {
      const userCode = { length: 8, character_set: 'BCDFGHJK' }
      const deviceAuthorization = { ...oauth2.oauth2.device_authorization, user_code: userCode }
      return { ...oauth2, oauth2: { ...oauth2.oauth2, device_authorization: deviceAuthorization } }
    })
    const { code } = await device({}, large)
    const visitor = await person(large)
    await visitor.open(code.verification_uri)
    const fields = { device_challenge: visitor.hidden('device_challenge'), user_code: code.user_code.toLowerCase() }
    expect((await visitor.send('/ui/device', fields))?.body).toContain('A device asks for access.')
  })

  test('needs the challenge of the server, which a code alone does not give', async () => {
    expect((await (await person()).open('/ui/device?user_code=WHATEVER'))?.status).toBe(404)
  })

  test('limits guesses from a network', async () => {
    const limited = await app.project((identity) => ({
      ...identity,
      // Ten times as many for an address that is not of the Internet, as here.
      security: { ...identity.security, attempts: { ...identity.security.attempts, per_address: 1 } },
    }))
    const { code } = await device({}, limited)
    const visitor = new Visitor(limited)
    await visitor.open(code.verification_uri)
    const deviceChallenge = visitor.hidden('device_challenge')
    const guess = async (userCode: string) => {
      const csrfToken = visitor.hidden('csrf_token')
      const answer = await visitor.send('/ui/device', {
        device_challenge: deviceChallenge,
        user_code: userCode,
        csrf_token: csrfToken,
      })
      return answer?.status
    }
    for (let i = 0; i < 10; i++) expect(await guess(`AAAAAAA${i}`)).toBe(400)
    expect(await guess(code.user_code)).toBe(429)
  })
})
