import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from '../../../test/app.ts'
import { minuteMs, openBoundProjects, origin } from '../../../test/bound-projects.ts'
import type { IdentityConfig } from '../../configuration/index.ts'
import { deviceBoundFindings } from './findings.ts'

type Session = IdentityConfig['session']

describe('the settings of bound sessions', () => {
  let app: Awaited<ReturnType<typeof openBoundProjects>>
  beforeAll(async () => {
    app = await openBoundProjects('memory')
  })
  afterAll(() => app.close())

  const projectWith = (change: { cookie?: Partial<Session['cookie']>; bound?: Partial<Session['device_bound']> }) =>
    app.boundProject((identity) => {
      const { cookie, device_bound } = identity.session
      const session = { ...identity.session, cookie: { ...cookie, ...change.cookie } }
      return { ...identity, session: { ...session, device_bound: { ...device_bound, ...change.bound } } }
    })

  it('the cookie has the attributes of that of the session, and a name that follows from its name', async () => {
    const cookie = {
      name: '__Secure-pier',
      path: '/',
      domain: 'harbour.example',
      secure: true,
      same_site: 'None' as const,
    }
    const { browser, email } = await app.boundMember(await projectWith({ cookie }))
    expect(browser.instructions).toMatchObject({
      scope: { origin, include_site: false },
      credentials: [
        {
          name: '__Secure-pier_bound',
          attributes: 'Path=/; Domain=harbour.example; HttpOnly; Secure; SameSite=None',
        },
      ],
      allowed_refresh_initiators: [],
    })
    const [set = ''] = [browser.answers[0]?.headers['set-cookie'] ?? []].flat() as string[]
    const [, ...attributes] = set.replace(/ Expires=.*?;/, '').split('; ')
    expect(attributes.sort()).toEqual(
      ['Path=/', 'Domain=harbour.example', 'Max-Age=600', 'HttpOnly', 'Secure', 'SameSite=None'].sort(),
    )
    app.clock.advance(60 * minuteMs)
    expect(await browser.whoami()).toBe(email)
  })

  it('for a site, the scope is that of its cookies, and it names the origin that registers', async () => {
    const project = await projectWith({ cookie: { domain: 'harbour.example' }, bound: { scope: 'site' } })
    const { browser } = await app.boundMember(project)
    expect(browser.instructions.scope).toEqual({ origin: 'https://harbour.example', include_site: true })
    const { status, body } = await browser.call('GET', '/.well-known/device-bound-sessions')
    expect([status, body]).toEqual([200, { registering_origins: [origin] }])
    const { browser: other } = await app.boundMember(await projectWith({}))
    expect((await other.call('GET', '/.well-known/device-bound-sessions')).status).toBe(404)
  })

  it('a cache keeps a bound session no longer than the cookie of its device', async () => {
    const caching: TestProject = await app.boundProject((identity) => ({
      ...identity,
      feature_flags: { ...identity.feature_flags, cacheable_sessions: true },
    }))
    const { browser } = await app.boundMember(caching)
    const seconds = async () => (await browser.call('GET', '/sessions/whoami')).headers['ory-session-cache-for']
    expect(await seconds()).toBe('630')
    app.clock.advance(4 * minuteMs)
    expect(await seconds()).toBe('390')
  })

  const settings = (bound: Partial<Session['device_bound']>, baseUrl = `${origin}/`, domain?: string) => ({
    session: { device_bound: { enabled: true, refresh_lifespan: minuteMs, scope: 'origin' as const, ...bound } },
    cookies: { domain },
    serve: { public: { base_url: baseUrl } },
  })
  const refusedKeys = (...of: Parameters<typeof settings>) => {
    const { session, ...rest } = settings(...of)
    const cookie = { name: 'pier', persistent: true }
    return deviceBoundFindings({ ...rest, session: { ...session, cookie } }).map(({ path }) => path.join('.'))
  }

  it('what no browser would bind is refused', () => {
    expect(refusedKeys({})).toEqual([])
    expect(refusedKeys({ enabled: false }, 'http://localhost/')).toEqual([])
    expect(refusedKeys({}, 'http://auth.harbour.example/')).toEqual(['session.device_bound.enabled'])
    expect(refusedKeys({ refresh_lifespan: 999 })).toEqual(['session.device_bound.refresh_lifespan'])
    for (const domain of [undefined, 'auth.harbour.example', 'other.example'])
      expect(refusedKeys({ scope: 'site' }, undefined, domain)).toEqual(['session.device_bound.scope'])
    for (const domain of ['harbour.example', '.harbour.example'])
      expect(refusedKeys({ scope: 'site' }, undefined, domain)).toEqual([])
  })
})
