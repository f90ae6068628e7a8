import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
import { Application, joinedRoutes, Visitor } from '../../../test/application.ts'
import { freshEmail, identitiesWith } from '../../../test/people.ts'

describe('the consent page', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp('memory', joinedRoutes)
    project = await app.project((identity) => ({
      ...identity,
      session: { ...identity.session, impersonation: { ...identity.session.impersonation, enabled: true } },
    }))
  })
  afterAll(() => app.close())

  /** Somebody who is asked, with what the form sends. */
  async function asked(more: object = {}, query: object = {}) {
    const application = await Application.register(project, more)
    const visitor = new Visitor(project)
    const email = freshEmail()
    await visitor.signUp(email)
    await visitor.open(application.url(query))
    return { application, visitor, email, challenge: visitor.hidden('consent_challenge') }
  }

  test('names the client, where the person returns to, its policies and what it asks for', async () => {
    const { visitor, email } = await asked(
      { policy_uri: 'https://tides.example/privacy', logo_uri: 'https://tides.example/logo.png' },
      { scope: 'openid photos offline_access' },
    )
    const { body = '', headers } = visitor.answer ?? {}
    expect(body).toContain('After that you return to app.example.org.')
    expect(body).toContain('href="https://tides.example/privacy"')
    expect(body).toContain('<code>photos</code>')
    expect(body).toContain('Keep the access while you are away')
    expect(body).toContain(email)
    expect(headers?.['content-security-policy']).toMatch(/img-src [^;]*https:\/\/tides\.example/)
    expect(headers?.['content-security-policy']).toMatch(/form-action 'self' [^;]*https:\/\/app\.example\.org/)
  })

  test('lets the person deny', async () => {
    const { visitor, challenge } = await asked()
    await visitor.send('/ui/consent', { consent_challenge: challenge, decision: 'deny' })
    expect(new URL(visitor.url).searchParams.get('error')).toBe('access_denied')
  })

  test('grants no more than was asked for, whatever the form sends', async () => {
    const { application, visitor, challenge } = await asked({}, { scope: 'openid' })
    await visitor.send('/ui/consent', {
      consent_challenge: challenge,
      decision: 'accept',
      grant_scope: 'openid email photos',
    })
    const { scope, claims } = await application.tokens(visitor.url)
    expect(scope).toBe('openid')
    expect(claims.email).toBeUndefined()
  })

  test('needs the anti-CSRF token of the browser, and a decision', async () => {
    const { visitor, challenge } = await asked()
    const refused = await visitor.send('/ui/consent', {
      consent_challenge: challenge,
      decision: 'accept',
      csrf_token: '',
    })
    expect(refused?.status).toBe(403)
    await visitor.open('/ui/logout')
    const unclear = await visitor.send('/ui/consent', { consent_challenge: challenge, decision: 'perhaps' })
    expect(unclear?.status).toBe(400)
  })

  test('can be answered by nobody but the person whom it is for', async () => {
    const { challenge } = await asked()
    const mallory = new Visitor(project)
    await mallory.signUp(freshEmail('mallory'))
    expect((await mallory.open(`/ui/consent?consent_challenge=${challenge}`))?.status).toBe(403)
    await mallory.open('/ui/logout')
    const answer = await mallory.send('/ui/consent', { consent_challenge: challenge, decision: 'accept' })
    expect(answer?.body).toContain('The person whom this request is for is not signed in in this browser.')
    expect((await new Visitor(project).open(`/ui/consent?consent_challenge=${challenge}`))?.status).toBe(403)
  })

  test('cannot be answered, and nobody signed in, by an administrator who acts in the session', async () => {
    const { application, email, challenge } = await asked()
    const [{ id }] = await identitiesWith(project, email)
    const { body } = await project.call('POST', `/admin/identities/${id}/impersonate`, {
      json: { reason: 'a test', type: 'browser' },
    })
    const actor = new Visitor(project)
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(body.session_cookie) ?? []
    actor.cookies.set(name, value)
    expect((await actor.open(`/ui/consent?consent_challenge=${challenge}`))?.status).toBe(403)
    const refused = await actor.open(application.url())
    expect(actor.url).toContain('/ui/error?id=')
    expect(refused?.body).toContain('administrator acts')
  })

  test('refuses a challenge of another project, a login challenge, and one that was changed', async () => {
    const { visitor, challenge } = await asked()
    const other = await app.project()
    const stranger = new Visitor(other)
    await stranger.signUp(freshEmail())
    expect((await stranger.open(`/ui/consent?consent_challenge=${challenge}`))?.status).toBe(404)
    expect((await visitor.open(`/ui/consent?consent_challenge=${challenge.slice(0, -2)}AA`))?.status).toBe(404)
    expect((await visitor.open('/ui/consent'))?.status).toBe(404)
  })

  test('leads to one authorization only, however often the form is sent', async () => {
    const { application, visitor, challenge } = await asked()
    const decision = { consent_challenge: challenge, decision: 'accept' }
    const csrf = visitor.hidden('csrf_token')
    await visitor.send('/ui/consent', decision)
    const first = visitor.url
    await visitor.send('/ui/consent', { ...decision, csrf_token: csrf.replaceAll('&#x2F;', '/') })
    expect(new URL(visitor.url).searchParams.get('error')).toBe('access_denied')
    expect((await application.tokens(first)).access_token).toBeDefined()
  })

  test('is left out for applications of the project itself', async () => {
    const { visitor } = await asked({ skip_consent: true })
    expect(visitor.url).toMatch(/[?&]code=/)
  })
})
