import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { interrupting, member, openHooked, parsing } from '../../../test/hooked.ts'
import { codeFor, freshEmail, messageIds, Person, password } from '../../../test/people.ts'
import { guardedFetch } from '../../kernel/fetch.ts'
import { loadHooks } from '../index.ts'

let hooked: Awaited<ReturnType<typeof openHooked>>
beforeAll(async () => {
  hooked = await openHooked()
})
afterAll(() => hooked.close())

const base64 = (text: string) => `base64://${Buffer.from(text).toString('base64')}`
const everything = base64('function(ctx) ctx')
const told = (path: string) => hooked.target.at(path).map(({ text }) => JSON.parse(text))

type FlowName = 'login' | 'registration' | 'recovery' | 'verification' | 'settings'

/** A project whose flow calls a hook with this snippet, by default one that sends all of its data. */
function withSnippet(name: FlowName, when: 'before' | 'after', path: string, more: object = {}) {
  return hooked.withHooks(name, when, [hooked.webHook(path, { body: everything, ...more })])
}

describe('the data that Jsonnet gets', () => {
  test.each(['awaited', 'asked'])(
    'after a sign-in (%s) is the flow, the request, the identity and the session',
    async (how) => {
      const path = `/session-${how}`
      const project = await withSnippet('login', 'after', path, how === 'asked' ? interrupting : {})
      const { email, id, person } = await member(project, 'browser')
      const flow = await person.begin('login')
      const sent = { method: 'password', identifier: email, password, transient_payload: { from: 'kiosk' } }
      const answer = await person.submit('login', flow, sent, { 'accept-language': 'de' })
      expect(answer.status).toBe(200)
      const [data] = told(path)
      expect(data).toMatchObject({
        flow: {
          id: flow.id,
          type: 'browser',
          active: 'password',
          transient_payload: { from: 'kiosk' },
          ui: { method: 'POST' },
        },
        request_headers: { 'Accept-Language': ['de'], 'Content-Type': ['application/json'] },
        request_method: 'POST',
        request_url: `http://localhost:4000/self-service/login?flow=${flow.id}`,
        request_cookies: { csrf: expect.any(String) },
        identity: { id, traits: { email } },
        session: {
          id: answer.body.session.id,
          active: true,
          authenticator_assurance_level: 'aal1',
          authentication_methods: [{ method: 'password', aal: 'aal1' }],
          identity: { id },
          devices: [{ ip_address: expect.any(String) }],
        },
      })
      expect(Object.keys(data).sort()).toEqual(
        ['flow', 'identity', 'request_cookies', 'request_headers', 'request_method', 'request_url', 'session'].sort(),
      )
    },
  )

  test('of a session is that which is stored, and no session is stored if the hook refuses', async () => {
    hooked.target.answers.set('/refused-session', { status: 403 })
    const project = await withSnippet('login', 'after', '/refused-session', interrupting)
    const { email, person } = await member(project)
    expect((await person.signIn(email)).status).toBe(400)
    const { id } = told('/refused-session')[0].session
    expect((await project.call('GET', `/admin/sessions/${id}`)).status).toBe(404)
    hooked.target.answers.delete('/refused-session')
    const { body } = await person.signIn(email)
    expect(told('/refused-session').at(-1).session.id).toBe(body.session.id)
  })

  test.each([
    ['before', 'login', []],
    ['before', 'registration', []],
    ['before', 'recovery', []],
    ['before', 'verification', []],
    ['before', 'settings', ['session']],
    ['after', 'registration', ['identity']],
    ['after', 'settings', ['identity', 'session']],
  ] as const)('%s a flow of %s contains of both only %j, as in Kratos', async (when, name, parts) => {
    const path = `/${when}-${name}-parts`
    const project = await withSnippet(name, when, path)
    const { email, person } = await member(project)
    if (name === 'settings') await person.signIn(email)
    const flow = await person.begin(name)
    if (when === 'after' && name === 'registration')
      await person.submit(name, flow, { method: 'password', traits: { email: freshEmail() }, password })
    if (when === 'after' && name === 'settings')
      await person.submit(name, flow, { method: 'profile', traits: { email, name: { first: 'Ann' } } })
    expect(flow).toMatchObject({ id: expect.any(String) })
    const [data] = told(path)
    expect(['identity', 'session'].filter((part) => part in data)).toEqual(parts)
    expect(data.flow).toMatchObject({ id: flow.id, ui: {} })
    if (when === 'before') expect(data.flow.transient_payload).toBeUndefined()
    if (name === 'settings' && when === 'after') expect(data.flow.identity.traits.name.first).toBe('Ann')
  })

  test.each(['recovery', 'verification'] as const)('after a %s is the identity', async (name) => {
    const path = `/after-${name}-identity`
    const project = await withSnippet(name, 'after', path)
    const { email, id, person } = await member(project)
    const flow = await person.begin(name)
    await person.submit(name, flow, { method: 'code', email })
    await person.submit(name, flow, { method: 'code', code: await codeFor(project.ctx, email) })
    expect(told(path)[0]).toMatchObject({ identity: { id, verifiable_addresses: [{ verified: true }] } })
    expect(told(path)[0].session).toBeUndefined()
  })

  test('never contains credentials, session tokens or the body of the request', async () => {
    const project = await withSnippet('login', 'after', '/secrets')
    const { email, person } = await member(project)
    await person.signIn(email)
    const text = hooked.target.at('/secrets')[0]?.text ?? ''
    expect(text).toContain(email)
    for (const secret of [password, '$2', 'hashed_password', 'credentials', person.token ?? '']) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('the body by Jsonnet', () => {
  test('is what the snippet makes', async () => {
    const snippet = base64(
      'function(ctx) { who: ctx.identity.traits.email, level: ctx.session.authenticator_assurance_level }',
    )
    const project = await withSnippet('login', 'after', '/made', { body: snippet })
    const { email, person } = await member(project)
    await person.signIn(email)
    expect(told('/made')).toEqual([{ who: email, level: 'aal1' }])
  })

  test('is a form if the headers name one, in any letter case', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const snippet = base64("function(ctx) { who: ctx.identity.traits.email, note: 'ä & b' }")
    const project = await withSnippet('login', 'after', '/form', { body: snippet, headers })
    const { email, person } = await member(project)
    await person.signIn(email)
    const [sent] = hooked.target.at('/form')
    expect(sent?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(sent?.text))).toEqual({ who: email, note: 'ä & b' })
  })

  test.each(['GET', 'PUT', 'PATCH', 'DELETE'])('is sent by %s too, as in Kratos', async (method) => {
    const project = await withSnippet('login', 'after', `/by-${method}`, {
      body: base64('function(ctx) { a: 1 }'),
      method,
    })
    const { email, person } = await member(project)
    await person.signIn(email)
    const [sent] = hooked.target.at(`/by-${method}`)
    expect([sent?.method, sent?.text.trim().replace(/\s+/g, '')]).toEqual([method, '{"a":1}'])
  })

  test('of a hook whose answer is read may cancel the call, and the flow passes unchanged', async () => {
    const snippet = base64("function(ctx) if ctx.identity.traits.email == 'x' then {} else error 'cancel'")
    hooked.target.answers.set('/canceled', { status: 403 })
    const project = await withSnippet('registration', 'after', '/canceled', { body: snippet, ...parsing })
    expect((await new Person(project, 'api').signUp(freshEmail())).status).toBe(200)
    expect(hooked.target.at('/canceled')).toEqual([])
  })

  test.each([
    ['fails', "function(ctx) error 'broken'"],
    ['loops', 'function(ctx) local f(x) = f(x + 1) tailstrict; f(0)'],
    ['reads what is not there', 'function(ctx) ctx.flow.nothing'],
    ['imports a file', "function(ctx) importstr '/etc/hostname'"],
  ])('of a snippet that %s ends a flow that asks it, and nothing is stored', async (what, snippet) => {
    const path = `/broken-${encodeURIComponent(what)}`
    const project = await withSnippet('registration', 'after', path, { body: base64(snippet), ...interrupting })
    const email = freshEmail()
    const answer = await new Person(project, 'api').signUp(email)
    expect([answer.status, JSON.stringify(answer.body).includes('broken')]).toEqual([500, false])
    expect(hooked.target.at(path)).toEqual([])
    expect((await project.call('GET', '/admin/identities')).body).toEqual([])
  })

  test('that fails after the flow is stored does not change its answer', async () => {
    const project = await withSnippet('login', 'after', '/never', { body: base64('function(ctx) ctx.nothing') })
    const { email, person } = await member(project)
    expect((await person.signIn(email)).status).toBe(200)
    expect(hooked.target.at('/never')).toEqual([])
  })
})

describe('the snippet of a configuration', () => {
  test.each([
    ['that is not Jsonnet', { body: base64('function(ctx) {') }, 'body'],
    ['that cannot be read', { body: 'file:///nowhere/hook.jsonnet' }, 'body'],
    ['with another content type', { body: everything, headers: { 'content-type': 'text/plain' } }, 'headers'],
  ])('%s is refused by its key', async (_, more, key) => {
    const project = await hooked.app.project()
    const { selfservice } = project.ctx.config.identity
    const hook = hooked.webHook('/x', more)
    const { login } = selfservice.flows
    const after = { ...login.after, password: { hooks: [{ hook: 'session' }, hook] } }
    const changed = { ...selfservice, flows: { ...selfservice.flows, login: { ...login, after } } }
    const found = await loadHooks(changed as unknown as typeof selfservice, { folder: '/', fetch: project.ctx.fetch })
    expect(found.map(({ path }) => path.join('.'))).toEqual([
      `selfservice.flows.login.after.password.hooks.1.config.${key}`,
    ])
  })
})

test('a hook at a private address that is not allowed ends the flow without telling the address', async () => {
  const project = await withSnippet('registration', 'after', '/private', interrupting)
  Object.assign(project.ctx, { fetch: guardedFetch({ allowPrivate: false }) })
  const answer = await new Person(project, 'api').signUp(freshEmail())
  expect([answer.status, messageIds(answer.body)]).toEqual([502, []])
  expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1')
  expect(hooked.target.at('/private')).toEqual([])
})

describe('what a hook says of addresses', () => {
  const address = (email: string, verified: boolean) => ({ via: 'email', value: email, verified })

  test('verifies them before the identity is stored, and adds none', async () => {
    const email = freshEmail()
    const addresses = [address(email, true), address('mallory@harbour.example', true)]
    hooked.target.answers.set('/verify', { status: 200, body: { identity: { verifiable_addresses: addresses } } })
    const project = await hooked.withHooks('registration', 'after', [hooked.webHook('/verify', parsing)])
    const { body } = await new Person(project, 'api').signUp(email)
    expect(body.identity.verifiable_addresses).toMatchObject([
      { value: email, verified: true, status: 'completed', verified_at: expect.any(String) },
    ])
  })

  test('takes a verification back', async () => {
    const project = await hooked.withHooks('settings', 'after', [hooked.webHook('/unverify', parsing)])
    const { email, id, person } = await member(project)
    const verified = [{ op: 'replace', path: '/verifiable_addresses/0/verified', value: true }]
    await project.call('PATCH', `/admin/identities/${id}`, { json: verified })
    hooked.target.answers.set('/unverify', {
      status: 200,
      body: { identity: { verifiable_addresses: [address(email, false)] } },
    })
    await person.signIn(email)
    await person.submit('settings', await person.begin('settings'), {
      method: 'profile',
      traits: { email, name: { first: 'Ann' } },
    })
    const { body } = await project.call('GET', `/admin/identities/${id}`)
    expect(body.verifiable_addresses).toMatchObject([{ verified: false, status: 'pending' }])
    expect(body.verifiable_addresses[0].verified_at).toBeUndefined()
  })

  test('moves an identity to another schema only if it is configured', async () => {
    hooked.target.answers.set('/schema', { status: 200, body: { identity: { schema_id: 'unknown' } } })
    const project = await hooked.withHooks('registration', 'after', [hooked.webHook('/schema', parsing)])
    expect((await new Person(project, 'api').signUp(freshEmail())).status).toBe(502)
    expect((await project.call('GET', '/admin/identities')).body).toEqual([])
  })
})

test('signing in again with revoke_active_sessions keeps the own session', async () => {
  const project = await hooked.withHooks('login', 'after', [{ hook: 'revoke_active_sessions' }])
  const { email, person } = await member(project)
  await person.signIn(email)
  const flow = await person.begin('login', '?refresh=true')
  expect((await person.submit('login', flow, { method: 'password', identifier: email, password })).status).toBe(200)
  expect(await person.whoami()).toBe(email)
})
