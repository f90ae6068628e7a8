import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, identitiesWith, messageIds, Person } from '../../../../test/people.ts'
import { flowIn, freshSubject, html, openSocial } from '../../../../test/social.ts'

describe.each(dsns)('signing in at a provider on %s', (_, dsn) => {
  let social: Awaited<ReturnType<typeof openSocial>>
  let project: TestProject
  beforeAll(async () => {
    social = await openSocial(dsn)
    project = await social.projectWith()
  })
  afterAll(() => social.close())

  test('signs up, and signs in the next time', async () => {
    const who = { sub: freshSubject(), email: freshEmail(), name: 'Ada' }
    const first = new Person(project)
    expect((await social.signIn(first, who)).status).toBe(303)
    expect(await first.whoami()).toBe(who.email)
    const again = new Person(project)
    await social.signIn(again, who, 'registration')
    expect(await again.whoami()).toBe(who.email)
    const [identity, ...others] = await identitiesWith(project, who.email)
    expect([identity.metadata_public, others]).toEqual([{ name: 'Ada' }, []])
    expect(identity.verifiable_addresses[0].verified).toBe(false)
    const { body } = await again.call('GET', '/sessions/whoami')
    expect(body.authentication_methods).toMatchObject([{ method: 'oidc', aal: 'aal1', provider: 'acme' }])
  })

  test('sends the browser to the provider with what the standard needs', async () => {
    const { url } = await social.leave(new Person(project))
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client',
      redirect_uri: expect.stringMatching(/\/self-service\/methods\/oidc\/callback\/acme$/),
      response_type: 'code',
      scope: 'openid email',
      state: expect.stringMatching(/^\w{43}$/),
    })
  })

  test('stores the tokens of the provider encrypted, and shows them to administrators', async () => {
    const who = { sub: freshSubject(), email: freshEmail() }
    await social.signIn(new Person(project), who)
    const [{ id }] = await identitiesWith(project, who.email)
    const row = await project.ctx.db
      .selectFrom('identities')
      .select('credentials')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row.credentials).toContain('"sealed"')
    expect(row.credentials).not.toContain('refresh')
    const { body } = await project.call('GET', `/admin/identities/${id}?include_credential=oidc`)
    expect(body.credentials.oidc.config.providers).toMatchObject([
      { subject: who.sub, provider: 'acme', initial_access_token: 'access', initial_refresh_token: 'refresh' },
    ])
  })

  test('takes verified addresses over from the mapper', async () => {
    const who = { sub: freshSubject(), email: freshEmail(), email_verified: true }
    await social.signIn(new Person(project), who)
    const [identity] = await identitiesWith(project, who.email)
    expect(identity.verifiable_addresses).toMatchObject([{ value: who.email, verified: true, status: 'completed' }])
  })

  test('asks for the traits that the provider does not say, and goes on with them', async () => {
    const who = { sub: freshSubject() }
    const person = new Person(project)
    const first = await social.signIn(person, who)
    const flow = await social.shown(person, 'registration', flowIn(first))
    const names = flow.ui.nodes.map((node: { attributes: { name: string } }) => node.attributes.name)
    expect(names).toEqual(expect.arrayContaining(['provider', 'csrf_token', 'traits.email']))
    expect(names).not.toContain('password')
    expect(messageIds(flow)).toContain(4000002)
    const email = freshEmail()
    const sent = await person.submit('registration', flow, { provider: 'acme', traits: { email } })
    const state = new URL(sent.body.redirect_browser_to).searchParams.get('state') ?? ''
    expect((await social.comeBack(person, { state, code: social.acme.codeFor(who) })).status).toBe(303)
    expect(await person.whoami()).toBe(email)
  })

  test('refuses repeated parameters', async () => {
    const person = new Person(project)
    const { state } = await social.leave(person)
    const code = social.acme.codeFor({ sub: freshSubject(), email: freshEmail() })
    const path = `/self-service/methods/oidc/callback/acme?state=${state}&code=${code}&code=${code}`
    await person.call('GET', path, { headers: html })
    expect(await person.whoami()).toBeUndefined()
  })

  test('needs the anti-CSRF token, so that no page signs up its visitors with its own traits', async () => {
    const person = new Person(project)
    const flow = await person.begin('registration')
    const fields = { provider: 'acme', csrf_token: 'wrong', traits: { email: freshEmail('mallory') } }
    expect((await person.submit('registration', flow, fields)).status).toBe(403)
  })

  test('forwards only harmless parameters', async () => {
    const parameters = {
      login_hint: 'x',
      client_id: 'other',
      prompt: 'select_account',
      hd: 'pier.example',
      acr_values: 'a',
    }
    const { url } = await social.leave(new Person(project), 'login', {
      provider: 'acme',
      upstream_parameters: parameters,
    })
    expect([...url.searchParams.keys()]).not.toContain('login_hint')
    expect(url.searchParams.getAll('client_id')).toEqual(['client'])
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      prompt: 'select_account',
      hd: 'pier.example',
      acr_values: 'a',
    })
  })

  test('takes no address outside of the allowed ones to return to', async () => {
    const answer = await new Person(project).call(
      'GET',
      '/self-service/login/browser?return_to=https%3A%2F%2Fevil.example%2F',
    )
    expect(answer.body.error.id).toBe('self_service_flow_return_to_forbidden')
  })

  test('says why the provider refused, and does not show its marks as they are', async () => {
    const person = new Person(project)
    const { state, flow } = await social.leave(person)
    await social.comeBack(person, { state, error: 'access_denied', error_description: `no\u202e\n${'x'.repeat(500)}` })
    const { ui } = await social.shown(person, 'login', flow.id)
    expect(ui.messages[0].id).toBe(4000001)
    expect(ui.messages[0].text).toMatch(/access_denied: no +x+$/)
    expect(ui.messages[0].text.length).toBeLessThan(300)
  })

  test('redeems the code with the secret in the header, and only at the token endpoint', async () => {
    social.acme.asked.length = 0
    await social.signIn(new Person(project), { sub: freshSubject(), email: freshEmail() })
    const [token] = social.acme.asked.filter(({ path }) => path === '/token')
    expect(token?.form).toMatchObject({ grant_type: 'authorization_code' })
    expect(token?.form).not.toHaveProperty('client_secret')
    const basic = Buffer.from(String(token?.headers.authorization).slice(6), 'base64').toString()
    expect(basic).toBe('client:client+secret%2B')
  })

  test('asks the provider to sign people in again if they sign in again, and no stranger gets in', async () => {
    const who = { sub: freshSubject(), email: freshEmail() }
    const person = new Person(project)
    await social.signIn(person, who)
    const flow = await person.begin('login', '?refresh=true')
    const sent = await person.submit('login', flow, { provider: 'acme' })
    const url = new URL(sent.body.redirect_browser_to)
    expect(url.searchParams.get('prompt')).toBe('login')
    const state = url.searchParams.get('state') ?? ''
    await social.comeBack(person, { state, code: social.acme.codeFor({ sub: freshSubject(), email: freshEmail() }) })
    expect((await social.shown(person, 'login', flow.id)).ui.messages.at(-1).id).toBe(4000001)
    expect(await person.whoami()).toBe(who.email)
  })

  test('follows a response that comes as a form', async () => {
    const who = { sub: freshSubject(), email: freshEmail() }
    const person = new Person(project)
    const { state } = await social.leave(person)
    const text = new URLSearchParams({ state, code: social.acme.codeFor(who) }).toString()
    const answer = await new Person(project).call('POST', '/self-service/methods/oidc/callback/acme', {
      text,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.status).toBe(302)
    const { pathname, search } = new URL(String(answer.headers.location))
    await person.call('GET', `${pathname}${search}`, { headers: html })
    expect(await person.whoami()).toBe(who.email)
  })

  test.each(['state=x', 'code=x', 'state=%00&code=%ff', `state=${'x'.repeat(20_000)}`, 'state[]=x', 'error=x', ''])(
    'answers a response that makes no sense as one that it does not know: %#',
    async (query) => {
      const path = `/self-service/methods/oidc/callback/acme?${query}`
      const script = await new Person(project).call('GET', path)
      expect(script.status).toBe(400)
      const form = { text: query, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
      const posted = await new Person(project).call('POST', '/self-service/methods/oidc/callback/acme', form)
      expect(posted.status).toBe(query.length > 16_384 ? 413 : 302)
    },
  )

  test('sends a form on to its own address only, whatever the path', async () => {
    const form = { text: 'state=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    const posted = await new Person(project).call(
      'POST',
      '/self-service/methods/oidc/callback/%2F%2Fevil.example',
      form,
    )
    const { origin } = new URL(project.ctx.config.identity.serve.public.base_url)
    if (posted.status === 302) expect(new URL(String(posted.headers.location)).origin).toBe(origin)
    else expect(posted.status).toBe(404)
  })
})
