import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, messageIds, Person, password, signedUp } from '../../../../test/people.ts'
import { freshSubject, html, openSocial } from '../../../../test/social.ts'

describe.each(dsns)('apps that sign in at a provider on %s', (_, dsn) => {
  let social: Awaited<ReturnType<typeof openSocial>>
  let project: TestProject
  beforeAll(async () => {
    social = await openSocial(dsn)
    // A provider whose ID tokens apps can get themselves.
    project = await social.projectWith({ provider: 'fedcm-test', additional_id_token_audiences: ['phone'] })
  })
  afterAll(() => social.close())

  const tokenFor = (claims: object) => social.acme.sign(social.acme.claimsOf(claims))
  const submit = (claims: object, more: object = {}, name: 'login' | 'registration' = 'login') =>
    new Person(project, 'api').run(name, { method: 'oidc', provider: 'acme', id_token: tokenFor(claims), ...more })

  test('sign in with an ID token, and sign up', async () => {
    const claims = { sub: freshSubject(), email: freshEmail(), nonce: 'n-1' }
    const first = await submit(claims, { id_token_nonce: 'n-1' }, 'registration')
    expect([first.status, first.body.session.identity.traits.email]).toEqual([200, claims.email])
    const again = await submit({ ...claims, aud: 'phone', nonce: 'n-2' }, { id_token_nonce: 'n-2' })
    expect([again.status, again.body.session.identity.id]).toEqual([200, first.body.session.identity.id])
    const hashed = createHash('sha256').update('n-3').digest('hex')
    expect((await submit({ ...claims, nonce: hashed }, { id_token_nonce: 'n-3' })).status).toBe(200)
  })

  test.each([
    ['no nonce in the token', {}, { id_token_nonce: 'n' }, 502],
    ['no nonce at all', {}, {}, 502],
    ['another nonce', { nonce: 'm' }, { id_token_nonce: 'n' }, 502],
    ['no nonce in the form', { nonce: 'm' }, {}, 502],
    ['the hash in the form', { nonce: 'n' }, { id_token_nonce: createHash('sha256').update('n').digest('hex') }, 502],
    ['another audience', { nonce: 'n', aud: 'other' }, { id_token_nonce: 'n' }, 403],
    ['another issuer', { nonce: 'n', iss: 'https://evil.example' }, { id_token_nonce: 'n' }, 403],
    ['an old token', { nonce: 'n', exp: 1 }, { id_token_nonce: 'n' }, 403],
  ])('are refused with %s', async (_name, claims, more, status) => {
    const answer = await submit({ sub: freshSubject(), email: freshEmail(), ...claims }, more)
    expect(answer.status).toBe(status)
  })

  test('are refused with a token that a stranger signed', async () => {
    const claims = social.acme.claimsOf({ sub: freshSubject(), nonce: 'n' })
    const token = social.acme.sign(claims, social.acme.stranger)
    expect((await submit({}, { id_token: token, id_token_nonce: 'n' })).status).toBe(403)
  })

  test('are told to link an account that exists, with the same flow', async () => {
    const { email } = await signedUp(project, 'api')
    const app = new Person(project, 'api')
    const token = tokenFor({ sub: freshSubject(), email, nonce: 'n' })
    const { status, body } = await app.run('registration', { provider: 'acme', id_token: token, id_token_nonce: 'n' })
    expect([status, messageIds(body)]).toEqual([400, [1010016]])
    const done = await app.submit('login', body, { method: 'password', identifier: email, password })
    expect(done.body.session.authentication_methods.map(({ method }: { method: string }) => method)).toEqual([
      'password',
      'oidc',
    ])
  })

  describe('by a browser', () => {
    async function leave(query = '') {
      const flow = await new Person(project, 'api').begin('login', query)
      const { body } = await new Person(project, 'api').submit('login', flow, { provider: 'acme' })
      return { flow, state: new URL(body.redirect_browser_to).searchParams.get('state') ?? '' }
    }
    const comeBack = (browser: Person, state: string, claims: { sub: string }) => {
      const query = new URLSearchParams({ state, code: social.acme.codeFor(claims) })
      return browser.call('GET', `/self-service/methods/oidc/callback/acme?${query}`, { headers: html })
    }

    test('exchange two codes for the session', async () => {
      const { flow, state } = await leave('?return_session_token_exchange_code=true&return_to=%2Fdone')
      const browser = new Person(project)
      const claims = { sub: freshSubject(), email: freshEmail() }
      const answer = await comeBack(browser, state, claims)
      const back = new URL(String(answer.headers.location))
      expect([answer.status, back.pathname, answer.headers['set-cookie']]).toEqual([303, '/done', undefined])
      const codes = `init_code=${flow.session_token_exchange_code}&return_to_code=${back.searchParams.get('code')}`
      const { body } = await new Person(project, 'api').call('GET', `/sessions/token-exchange?${codes}`)
      expect(body.session.identity.traits.email).toBe(claims.email)
    })

    test('need a browser that they began in, unless they exchange codes', async () => {
      const { state } = await leave()
      const answer = await comeBack(new Person(project), state, { sub: freshSubject() })
      expect(String(answer.headers.location)).toContain('/error?id=')
    })
  })
})
