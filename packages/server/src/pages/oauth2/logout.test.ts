import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../../test/app.ts'
import { Application, joinedRoutes, Visitor } from '../../../test/application.ts'
import { freshEmail } from '../../../test/people.ts'

const after = 'https://app.example.org/signed-out'

describe.each(dsns)('an application signs a person out on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  beforeAll(async () => {
    app = await openTestApp(dsn, joinedRoutes)
    project = await app.project()
  })
  afterAll(() => app.close())

  /** Somebody who has signed in to an application, and where that sends the browser to sign out. */
  async function signedIn(more: object = {}, at = project) {
    const application = await Application.register(at, {
      skip_consent: true,
      post_logout_redirect_uris: [after],
      ...more,
    })
    const visitor = new Visitor(at)
    const email = freshEmail()
    await visitor.signUp(email)
    await visitor.open(application.url())
    const { id_token } = await application.tokens(visitor.url)
    const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: after })
    return { visitor, email, url: `/oauth2/sessions/logout?${query}` }
  }

  test('after a confirmation, at the project as well', async () => {
    const { visitor, email, url } = await signedIn()
    const page = await visitor.open(url)
    expect(visitor.url).toContain('/ui/logout?logout_challenge=')
    expect(page?.body).toContain('Tide tables asks to sign you out.')
    expect(page?.headers['content-security-policy']).toMatch(/form-action 'self' [^;]*https:\/\/app\.example\.org/)
    expect(await visitor.whoami()).toBe(email)
    await visitor.send('/ui/logout', { logout_challenge: visitor.hidden('logout_challenge') })
    expect(visitor.url).toBe(after)
    expect(await visitor.whoami()).toBeUndefined()
  })

  test('at once, if the client may do so', async () => {
    const { visitor, url } = await signedIn({ skip_logout_consent: true })
    await visitor.open(url)
    expect(visitor.url).toBe(after)
    expect(await visitor.whoami()).toBeUndefined()
  })

  test('also where the browser keeps the session only until it is closed', async () => {
    const brief = await app.project((identity) => {
      const cookie = { ...identity.session.cookie, persistent: false }
      return { ...identity, session: { ...identity.session, cookie } }
    })
    const { visitor, url } = await signedIn({}, brief)
    await visitor.open(url)
    expect(visitor.url).toContain('/ui/logout?logout_challenge=')
  })

  test('only by a form with the anti-CSRF token of the browser', async () => {
    const { visitor, email, url } = await signedIn()
    await visitor.open(url)
    const forged = { logout_challenge: visitor.hidden('logout_challenge'), csrf_token: '' }
    expect((await visitor.send('/ui/logout', forged))?.status).toBe(403)
    expect(await visitor.whoami()).toBe(email)
  })

  test('and nobody else: the session of another person stays', async () => {
    const { url } = await signedIn({ skip_logout_consent: true })
    const other = new Visitor(project)
    const email = freshEmail('other')
    await other.signUp(email)
    await other.open(url)
    expect(other.url).toBe(after)
    expect(await other.whoami()).toBe(email)
  })

  test('to no address that the client has not registered', async () => {
    const { visitor, url } = await signedIn()
    const changed = url.replace(encodeURIComponent(after), encodeURIComponent('https://evil.example/'))
    expect(changed).not.toBe(url)
    await visitor.open(changed)
    expect(visitor.url).toContain('/ui/error?error=invalid_request')
  })
})
