import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestProject } from '../../../test/app.ts'
import { Application, joinedRoutes, Visitor } from '../../../test/application.ts'
import { locationOf } from '../../../test/oauth2-flows.ts'
import { freshEmail, identitiesWith, Person, password, signedUp } from '../../../test/people.ts'

describe('a login request at the sign-in of the same project', () => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  let application: Application
  beforeAll(async () => {
    app = await openTestApp('memory', joinedRoutes)
    project = await app.project()
    application = await Application.register(project, { skip_consent: true })
  })
  afterAll(() => app.close())

  const error = ({ url }: Visitor) => new URL(url).searchParams.get('error')

  /** The challenge of a request that a browser has made. */
  async function challengeFor(visitor: Visitor, query: object = {}, of = application): Promise<string> {
    const answer = await visitor.call('GET', of.url(query), { headers: { accept: 'text/html' } })
    return locationOf(answer).searchParams.get('login_challenge') ?? ''
  }

  async function member() {
    const visitor = new Visitor(project)
    const email = freshEmail()
    await visitor.signUp(email)
    return { visitor, email }
  }

  test('tells the application when the person signed in', async () => {
    const { visitor } = await member()
    const { body: session } = await visitor.call('GET', '/sessions/whoami')
    app.clock.advance(600_000)
    await visitor.open(application.url())
    const { claims } = await application.tokens(visitor.url)
    expect(claims.auth_time).toBe(Math.floor(Date.parse(session.authenticated_at) / 1000))
  })

  test.each([{ prompt: 'login' }, { prompt: 'select_account' }, { max_age: '60' }, { max_age: '0' }])(
    'is for a new sign-in if the application demands it: %o',
    async (query) => {
      const { visitor, email } = await member()
      app.clock.advance(120_000)
      const form = await visitor.open(application.url(query))
      expect(form?.body).toContain('Confirm your identity')
      await visitor.signInHere(email)
      const { claims } = await application.tokens(visitor.url)
      expect(claims.auth_time * 1000).toBeGreaterThan(app.clock.now() - 60_000)
    },
  )

  test('with prompt=none is answered without a page', async () => {
    const { visitor } = await member()
    await visitor.open(application.url({ prompt: 'none' }))
    // Of the first time, a consent is not known yet.
    expect(error(visitor)).toBe('consent_required')
    app.clock.advance(120_000)
    await visitor.open(application.url({ prompt: 'none', max_age: '60' }))
    expect(error(visitor)).toBe('login_required')
    const stranger = new Visitor(project)
    await stranger.open(application.url({ prompt: 'none' }))
    expect(error(stranger)).toBe('login_required')
  })

  test('gives somebody else than the one of the last time tokens of their own', async () => {
    const { visitor, email } = await member()
    await visitor.open(application.url())
    const first = await application.tokens(visitor.url)
    const { email: other } = await signedUp(project, 'api')
    await visitor.open('/ui/logout')
    await visitor.send('/ui/logout', {})
    await visitor.open(application.url())
    await visitor.signInHere(other)
    const second = await application.tokens(visitor.url)
    const [{ id }] = await identitiesWith(project, other)
    expect(first.claims.email).toBe(email)
    expect(second.claims).toMatchObject({ sub: id, email: other })
    expect(second.claims.sid).not.toBe(first.claims.sid)
    await visitor.open(application.url({ id_token_hint: first.id_token }))
    expect(error(visitor)).toBe('login_required')
  })

  test('goes on only in the browser in which it began', async () => {
    const mallory = new Visitor(project)
    const challenge = await challengeFor(mallory)
    const { visitor } = await member()
    await visitor.open(`/self-service/login/browser?login_challenge=${challenge}`)
    expect(error(visitor)).toBe('request_forbidden')
  })

  test('leads to one authorization only', async () => {
    const { visitor } = await member()
    const challenge = await challengeFor(visitor)
    const again = () => visitor.open(`/self-service/login/browser?login_challenge=${challenge}`)
    await again()
    expect(visitor.url).toMatch(/[?&]code=/)
    await again()
    expect(visitor.url).not.toMatch(/[?&]code=/)
  })

  test('of another project, an empty one and one that was changed are refused', async () => {
    const other = await app.project()
    const foreign = await challengeFor(new Visitor(other), {}, await Application.register(other))
    const own = await challengeFor(new Visitor(project))
    for (const name of ['login', 'registration']) {
      for (const challenge of [foreign, '', `${own.slice(0, -4)}AAAA`, 'x'.repeat(70_000)]) {
        const { status } = await new Person(project).call(
          'GET',
          `/self-service/${name}/browser?login_challenge=${challenge}`,
        )
        expect([name, challenge.length, status]).toEqual([name, challenge.length, 400])
      }
    }
  })

  test('decides where the flow returns to, and a return_to does not', async () => {
    const visitor = new Visitor(project)
    const challenge = await challengeFor(visitor)
    const query = `?login_challenge=${challenge}&return_to=https://evil.example/`
    const { body: flow } = await visitor.call('GET', `/self-service/login/browser${query}`)
    expect(flow.return_to).toMatch(/^http:\/\/localhost:4000\/oauth2\/auth\?/)
  })

  test('is the only address beside the allowed ones that a flow returns to', async () => {
    const strict = await app.project((identity) => ({
      ...identity,
      selfservice: { ...identity.selfservice, allowed_return_urls: [], default_browser_return_url: '/ui/sessions' },
    }))
    const at = (url: string) => `http://localhost:4000${url}`
    for (const [url, expected] of [
      [at('/oauth2/auth?client_id=tides'), 200],
      [at('/oauth2/device/verify'), 200],
      [at('/oauth2/authority'), 403],
      [at('/oauth2/auth/../token'), 403],
      ['http://localhost:4000.evil.example/oauth2/auth', 403],
      ['http://localhost:4000@evil.example/oauth2/auth', 403],
      ['https://localhost:4000/oauth2/auth', 403],
    ] as const) {
      const query = new URLSearchParams({ return_to: url })
      const { status } = await new Visitor(strict).call('GET', `/self-service/login/browser?${query}`)
      expect([url, status === 200 ? 200 : 403]).toEqual([url, expected])
    }
  })

  test('is in the flow for scripts of pages, which are told where to go on', async () => {
    const { email } = await signedUp(project, 'api')
    const visitor = new Visitor(project)
    const challenge = await challengeFor(visitor)
    const flow = await visitor.begin('login', `?login_challenge=${challenge}`)
    expect(flow).toMatchObject({
      oauth2_login_challenge: challenge,
      oauth2_login_request: { challenge, client: { client_id: application.client.client_id }, skip: false },
    })
    const wrong = await visitor.submit('login', flow, { method: 'password', identifier: email, password: 'wrong' })
    expect(wrong.body).toMatchObject({ oauth2_login_request: { challenge } })
    const { status, body } = await visitor.submit('login', flow, { method: 'password', identifier: email, password })
    expect(status).toBe(422)
    await visitor.open(body.redirect_browser_to)
    expect(visitor.url).toMatch(/[?&]code=/)
    const known = await visitor.call('GET', `/self-service/login/browser?login_challenge=${challenge}`)
    expect(known.body.error.id).toBe('session_already_available')
  })

  test('is told to scripts after a sign-up as the last step', async () => {
    const plain = await app.project((identity) => {
      const verification = { ...identity.selfservice.flows.verification, enabled: false }
      return {
        ...identity,
        selfservice: { ...identity.selfservice, flows: { ...identity.selfservice.flows, verification } },
      }
    })
    const own = await Application.register(plain, { skip_consent: true })
    const visitor = new Visitor(plain)
    const challenge = await challengeFor(visitor, {}, own)
    const flow = await visitor.begin('registration', `?login_challenge=${challenge}`)
    const fields = { method: 'password', traits: { email: freshEmail() }, password }
    const { body } = await visitor.submit('registration', flow, fields)
    const { action, redirect_browser_to: next } = body.continue_with.at(-1)
    expect(action).toBe('redirect_browser_to')
    await visitor.open(next)
    expect(visitor.url).toMatch(/[?&]code=/)
  })

  test('signs nobody in at the application in the flow of a native app', async () => {
    const { email } = await signedUp(project, 'api')
    const challenge = await challengeFor(new Visitor(project))
    const native = new Person(project, 'api')
    const flow = await native.begin('login', `?login_challenge=${challenge}`)
    expect(flow.oauth2_login_challenge).toBe(challenge)
    const { status, body } = await native.submit('login', flow, { method: 'password', identifier: email, password })
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain('login_verifier')
  })

  test('comes back after a sign-up that begins no session', async () => {
    const strict = await app.project((identity) => {
      const { flows } = identity.selfservice
      const after = { ...flows.registration.after, password: { hooks: [] } }
      const registration = { ...flows.registration, after }
      return { ...identity, selfservice: { ...identity.selfservice, flows: { ...flows, registration } } }
    })
    const own = await Application.register(strict, { skip_consent: true })
    const visitor = new Visitor(strict)
    const email = freshEmail()
    await visitor.open(own.url({ prompt: 'registration' }))
    const { pathname, search } = visitor.action
    await visitor.send(pathname + search, { method: 'password', traits: { email }, password })
    expect(visitor.url).toMatch(/\/ui\/(registration|login)\?flow=/)
  })
})
