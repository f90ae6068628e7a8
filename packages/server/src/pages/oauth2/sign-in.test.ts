import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { Application, joinedRoutes, Visitor } from '../../../test/application.ts'
import { callback } from '../../../test/oauth2-flows.ts'
import { freshEmail, identitiesWith, password, signedUp } from '../../../test/people.ts'

describe.each(dsns)('an application signs people in with a project on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, joinedRoutes)
    project = await app.project()
  })
  afterAll(() => app.close())

  const agree = (visitor: Visitor, more: object = {}) =>
    visitor.send('/ui/consent', {
      consent_challenge: visitor.hidden('consent_challenge'),
      decision: 'accept',
      ...more,
    })

  test('from its own page to the form, to the consent and back, with the claims of the person', async () => {
    const { email } = await signedUp(project, 'api')
    const application = await Application.register(project)
    const visitor = new Visitor(project)
    const form = await visitor.open(application.url())
    expect(form?.status).toBe(200)
    expect(form?.body).toContain('You continue to Tide tables.')
    const consent = await visitor.signInHere(email)
    expect(visitor.url).toContain('/ui/consent?consent_challenge=')
    expect(consent?.body).toContain('Allow access for Tide tables?')
    expect(consent?.body).toContain('See your email address')
    await agree(visitor)
    expect(visitor.url).toMatch(new RegExp(`^${callback}\\?code=`))
    const { claims, access_token: token } = await application.tokens(visitor.url)
    const [{ id }] = await identitiesWith(project, email)
    expect(claims).toMatchObject({ sub: id, email, email_verified: false, acr: 'aal1', amr: ['password'] })
    const userinfo = await project.call('GET', '/userinfo', { token })
    expect(userinfo.body).toMatchObject({ sub: id, email, email_verified: false })
  })

  test('somebody who is signed in already is not asked to sign in again', async () => {
    const application = await Application.register(project)
    const visitor = new Visitor(project)
    await visitor.signUp(freshEmail())
    await visitor.open(application.url())
    expect(visitor.url).toContain('/ui/consent?')
    await agree(visitor, { remember: 'true' })
    await visitor.open(application.url())
    expect(visitor.url).toMatch(/[?&]code=/)
    await visitor.open(application.url({ prompt: 'none' }))
    expect(visitor.url).toMatch(/[?&]code=/)
    await visitor.open(application.url({ prompt: 'consent' }))
    expect(visitor.url).toContain('/ui/consent?')
  })

  test('somebody who has no account signs up on the way', async () => {
    const application = await Application.register(project, { skip_consent: true })
    const visitor = new Visitor(project)
    const email = freshEmail()
    await visitor.open(application.url({ prompt: 'registration' }))
    const { pathname, search } = visitor.action
    await visitor.send(pathname + search, { method: 'password', traits: { email }, password })
    expect(visitor.url).toContain('/ui/verification?')
    const flow = new URL(visitor.url).searchParams.get('flow')
    const { body } = await visitor.call('GET', `/self-service/verification/flows?id=${flow}`)
    await visitor.open(body.return_to)
    expect(visitor.url).toMatch(/[?&]code=/)
    expect((await application.tokens(visitor.url)).claims).toMatchObject({ email, email_verified: false })
  })
})
