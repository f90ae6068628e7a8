import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { BoundBrowser, softwareKey } from '../../../test/bound-browser.ts'
import { minuteMs, openBoundProjects, origin } from '../../../test/bound-projects.ts'
import { identitiesWith, Person, password, signedUp } from '../../../test/people.ts'
import { eventsOf } from '../../../test/stored-sessions.ts'
import { cookieName } from '../cookie.ts'
import { transitMs } from './cookie.ts'

describe.each(dsns)('a session bound to a device on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openBoundProjects>>
  let project: TestProject
  beforeAll(async () => {
    app = await openBoundProjects(dsn)
    project = await app.boundProject()
  })
  afterAll(() => app.close())

  const status = async (person: Person) => (await person.call('GET', '/sessions/whoami')).status

  /** Another browser with some of the cookies of this one. */
  function thiefOf(victim: Person, ...names: string[]): Person {
    const thief = new Person(project)
    for (const name of names) thief.cookies.set(name, victim.cookies.get(name) ?? '')
    return thief
  }

  it.each(['ES256', 'RS256'] as const)('lasts in its browser, and is refused elsewhere (%s)', async (alg) => {
    const { browser, email } = await app.boundMember(project, alg)
    expect(browser.answers.map((answer) => answer.status)).toEqual([200])
    const { body: session } = await browser.call('GET', '/sessions/whoami')
    expect(browser.instructions).toEqual({
      session_identifier: session.id,
      refresh_url: `${origin}/sessions/device-bound/refresh`,
      scope: { origin, include_site: false },
      credentials: [{ type: 'cookie', name: 'ory_kratos_session_bound', attributes: 'Path=/; HttpOnly; SameSite=Lax' }],
      allowed_refresh_initiators: ['*'],
    })
    const copied = thiefOf(browser, cookieName(project.ctx), browser.boundName)
    for (let hour = 0; hour < 3; hour++) {
      app.clock.advance(60 * minuteMs)
      expect(await browser.whoami()).toBe(email)
    }
    expect(browser.answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200])
    // A copy of the cookie of the session, and one of both from a time before, are worth nothing.
    const stolen = thiefOf(browser, cookieName(project.ctx))
    for (const thief of [stolen, copied]) {
      const refused = await thief.call('GET', '/sessions/whoami')
      expect([refused.status, refused.body.error.reason]).toEqual([
        401,
        'No session in force was found in this request.',
      ])
      for (const path of ['/sessions', '/self-service/settings/browser', '/self-service/logout/browser'])
        expect([path, (await thief.call('GET', path)).status]).toEqual([path, 401])
      expect((await thief.call('DELETE', '/sessions')).status).toBe(401)
      // For sign-in, nobody is signed in.
      expect((await thief.call('GET', '/self-service/login/browser')).status).toBe(200)
    }
    expect(await eventsOf(project.ctx)).toContainEqual([
      'SessionBound',
      { IdentityID: session.identity.id, SessionID: session.id },
    ])
  })

  it('needs its cookie beside that of the session once requests on their way have arrived', async () => {
    const { browser } = await app.boundMember(project)
    const thief = thiefOf(browser, cookieName(project.ctx))
    app.clock.advance(transitMs - 1)
    expect(await status(thief)).toBe(200)
    app.clock.advance(1)
    expect([await status(thief), await status(browser)]).toEqual([401, 200])
    // Both cookies together last no longer than the browser keeps that of the device, and a request takes.
    thief.cookies.set(browser.boundName, browser.cookies.get(browser.boundName) ?? '')
    app.clock.advance(10 * minuteMs - 1)
    expect(await status(thief)).toBe(200)
    app.clock.advance(1)
    expect(await status(thief)).toBe(401)
  })

  it('is not opened with the cookie of another session, or a changed one', async () => {
    const [{ browser }, { browser: other }] = [await app.boundMember(project), await app.boundMember(project)]
    app.clock.advance(transitMs)
    const thief = thiefOf(browser, cookieName(project.ctx))
    const value = String(browser.cookies.get(browser.boundName))
    const [end = '', mac] = value.split('.')
    const later = (Number.parseInt(end, 36) + minuteMs).toString(36)
    const forged = [other.cookies.get(browser.boundName) ?? '', `${later}.${mac}`, `${end}.`, `.${mac}`, 'x', '']
    for (const one of forged) {
      thief.cookies.set(browser.boundName, one)
      expect([one, await status(thief)]).toEqual([one, 401])
    }
    // Of several cookies of the name, one may be right.
    const pairs = [`${browser.boundName}=${forged[0]}`, `${browser.boundName}=${value}`]
    const cookie = [`${cookieName(project.ctx)}=${thief.cookies.get(cookieName(project.ctx))}`, ...pairs].join('; ')
    const answer = await project.call('GET', '/sessions/whoami', { token: null, headers: { cookie } })
    expect(answer.status).toBe(200)
  })

  it('goes on when its owner signs in again or with a second proof, without another registration', async () => {
    const { browser, email } = await app.boundMember(project)
    app.clock.advance(30 * minuteMs)
    const flow = await browser.begin('login', '?refresh=true')
    const again = await browser.submit('login', flow, { method: 'password', identifier: email, password })
    expect([again.status, again.headers['secure-session-registration']]).toEqual([200, undefined])
    expect(again.body.session.id).toBe(browser.instructions.session_identifier)
    expect((await browser.begin('settings')).state).toBe('show_form')
    expect(await status(thiefOf(browser, cookieName(project.ctx)))).toBe(401)
  })

  it('ends with a sign-out, which removes both cookies', async () => {
    const { browser } = await app.boundMember(project)
    const { instructions } = browser
    const { logout_token: token } = (await browser.call('GET', '/self-service/logout/browser')).body
    const out = await browser.call('GET', `/self-service/logout?token=${token}`)
    expect(String(out.headers['set-cookie'])).toMatch(/ory_kratos_session_bound=; .*Max-Age=0/)
    browser.instructions = instructions
    expect((await browser.askToRefresh()).status).toBe(401)
  })

  it.each(['revoked', 'deleted', 'of a deactivated identity'])('cannot be refreshed when it is %s', async (how) => {
    const { browser, email } = await app.boundMember(project)
    const proof = await browser.freshProof()
    const [{ id }] = await identitiesWith(project, email)
    const json = [{ op: 'replace', path: '/state', value: 'inactive' }]
    if (how === 'revoked') await project.call('DELETE', `/admin/sessions/${browser.instructions.session_identifier}`)
    else if (how === 'deleted') await project.call('DELETE', `/admin/identities/${id}/sessions`)
    else await project.call('PATCH', `/admin/identities/${id}`, { json })
    expect([(await browser.askToRefresh(proof)).status, (await browser.askToRefresh()).status]).toEqual([401, 401])
    expect(await status(browser)).toBe(401)
  })

  it('looks like others in lists and for administrators, who can extend it', async () => {
    const { browser } = await app.boundMember(project)
    const id = browser.instructions.session_identifier
    const { body: whoami } = await browser.call('GET', '/sessions/whoami')
    const { body: shown } = await project.call('GET', `/admin/sessions/${id}`)
    const { body: listed } = await project.call('GET', `/admin/identities/${whoami.identity.id}/sessions`)
    const key = browser.key.publicKey.x ?? ''
    for (const body of [whoami, shown, listed]) {
      expect(JSON.stringify(body)).not.toMatch(/bound|device_key/)
      expect(JSON.stringify(body)).not.toContain(key)
    }
    expect((await project.call('PATCH', `/admin/sessions/${id}/extend`)).status).toBe(200)
  })

  it('is kept by other browsers and apps as before', async () => {
    const [{ person }, { person: app1 }] = [await signedUp(project, 'browser'), await signedUp(project, 'api')]
    app.clock.advance(60 * minuteMs)
    expect([await status(person), await status(app1)]).toEqual([200, 200])
    expect([...person.cookies.keys()].join()).not.toContain('_bound')
  })

  it('is an ordinary one again while binding is switched off', async () => {
    const { browser } = await app.boundMember(project)
    app.clock.advance(60 * minuteMs)
    const thief = thiefOf(browser, cookieName(project.ctx))
    const { device_bound: settings } = project.ctx.config.identity.session
    Object.assign(settings, { enabled: false })
    expect([await status(thief), (await browser.askToRefresh()).status]).toEqual([200, 404])
    Object.assign(settings, { enabled: true })
    expect(await status(thief)).toBe(401)
  })

  it('is not asked for where binding is switched off', async () => {
    const off = await app.project()
    const browser = new BoundBrowser(off, app.now, await softwareKey())
    const signedIn = await browser.signUp('off@harbour.example')
    expect([signedIn.status, signedIn.headers['secure-session-registration']]).toEqual([200, undefined])
    for (const path of ['registration', 'refresh'])
      expect((await browser.call('POST', `/sessions/device-bound/${path}`)).status).toBe(404)
    expect((await browser.call('GET', '/.well-known/device-bound-sessions')).status).toBe(404)
  })
})
