import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHookTarget } from '../../../test/hook-target.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password } from '../../../test/people.ts'
import type { IdentityConfig } from '../../kernel/config/index.ts'
import { guardedFetch } from '../../kernel/fetch.ts'

type FlowName = 'login' | 'registration' | 'recovery' | 'verification' | 'settings'
type Selfservice = IdentityConfig['selfservice']
type Config = Record<string, unknown>

const taken = {
  messages: [{ instance_ptr: '#/traits/email', messages: [{ id: 1234, text: 'Not this one.', type: 'error' }] }],
}

describe('hooks', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let target: Awaited<ReturnType<typeof openHookTarget>>
  beforeAll(async () => {
    app = await openFlows('memory')
    target = await openHookTarget()
  })
  afterAll(async () => {
    await app.close()
    await target.close()
  })

  const webHook = (path: string, more: Config = {}) => ({
    hook: 'web_hook',
    config: {
      url: target.url(path),
      method: 'POST',
      headers: {},
      can_interrupt: false,
      emit_analytics_event: true,
      response: { ignore: false, parse: false },
      ...more,
    },
  })
  const parsing = { response: { ignore: false, parse: true } }
  const interrupting = { can_interrupt: true }
  const ignored = { response: { ignore: true, parse: false } }

  /** A project whose flow has these hooks and no others, before it or after it. */
  function withHooks(name: FlowName, when: 'before' | 'after', hooks: object[]) {
    return app.project((identity) => {
      const { flows } = identity.selfservice
      const before = when === 'before' ? { ...flows[name].before, hooks } : flows[name].before
      const after = when === 'after' ? { ...withoutHooks(flows[name].after), hooks } : flows[name].after
      const changed = { ...flows, [name]: { ...flows[name], before, after } } as unknown as Selfservice['flows']
      return { ...identity, selfservice: { ...identity.selfservice, flows: changed } }
    })
  }
  type Project = Awaited<ReturnType<typeof withHooks>>
  const identities = async (project: Project) => (await project.call('GET', '/admin/identities')).body

  async function member(project: Project, kind: 'api' | 'browser' = 'api') {
    const email = freshEmail()
    const traits = { email }
    const json = { schema_id: 'person', traits, credentials: { password: { config: { password } } } }
    const { id } = (await project.call('POST', '/admin/identities', { json })).body
    return { email, id, person: new Person(project, kind) }
  }

  describe('before a flow', () => {
    test.each(['login', 'registration', 'recovery', 'verification'] as const)(
      'of the kind %s are called when it begins',
      async (name) => {
        const path = `/before-${name}`
        const project = await withHooks(name, 'before', [webHook(path)])
        const flow = await new Person(project, 'api').begin(name)
        expect(flow.id).toBeDefined()
        expect(JSON.parse(target.at(path)[0]?.text ?? '{}')).toMatchObject({ flow: { id: flow.id, type: 'api' } })
      },
    )

    test('of settings are called when they begin', async () => {
      const project = await withHooks('settings', 'before', [webHook('/before-settings')])
      const { person, email } = await member(project)
      await person.signIn(email)
      await person.begin('settings')
      expect(target.at('/before-settings')).toHaveLength(1)
    })

    test('may refuse it, and then there is none', async () => {
      target.answers.set('/closed', { status: 403, body: taken })
      const project = await withHooks('registration', 'before', [webHook('/closed', interrupting)])
      const answer = await new Person(project, 'api').call('GET', '/self-service/registration/api')
      expect([answer.status, answer.body.error.reason]).toEqual([400, 'Not this one.'])
      expect(await project.ctx.db.selectFrom('flows').select('id').execute()).toEqual([])
    })

    test('that cannot be reached refuse it too', async () => {
      const project = await withHooks('login', 'before', [{ ...webHook('/x', { url: 'http://127.0.0.1:1/' }) }])
      expect((await new Person(project, 'api').call('GET', '/self-service/login/api')).status).toBe(502)
    })
  })

  describe('after signing up', () => {
    test('a hook that may interrupt says why beside the field, and nothing is stored', async () => {
      target.answers.set('/refuse', { status: 422, body: taken })
      const project = await withHooks('registration', 'after', [webHook('/refuse', interrupting), { hook: 'session' }])
      const answer = await new Person(project, 'api').signUp(freshEmail())
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [1234]])
      // biome-ignore lint/suspicious/noExplicitAny: nodes are looked into
      const field = answer.body.ui.nodes.find((node: any) => node.attributes.name === 'traits.email')
      expect(field.messages).toMatchObject([{ id: 1234, type: 'error', text: 'Not this one.' }])
      expect(await identities(project)).toEqual([])
      expect(await project.ctx.db.selectFrom('courier_messages').select('id').execute()).toEqual([])
    })

    test('a hook that fails without a reason stores nothing if it may interrupt', async () => {
      target.answers.set('/broken', { status: 500, body: 'x' })
      const project = await withHooks('registration', 'after', [webHook('/broken', interrupting)])
      expect((await new Person(project, 'api').signUp(freshEmail())).status).toBe(400)
      expect(await identities(project)).toEqual([])
    })

    test('a hook that must be heeded but cannot interrupt gives no session when it fails', async () => {
      target.answers.set('/fails', { status: 500 })
      const project = await withHooks('registration', 'after', [webHook('/fails'), { hook: 'session' }])
      const person = new Person(project, 'api')
      const answer = await person.signUp(freshEmail())
      expect([answer.status, person.token]).toEqual([502, undefined])
    })

    test('a hook whose answer is ignored changes nothing when it fails', async () => {
      target.answers.set('/ignored', { status: 500 })
      const project = await withHooks('registration', 'after', [webHook('/ignored', ignored), { hook: 'session' }])
      const email = freshEmail()
      const person = new Person(project, 'api')
      expect((await person.signUp(email)).status).toBe(200)
      expect(await person.whoami()).toBe(email)
      expect(JSON.parse((await target.called('/ignored')).text).identity.traits.email).toBe(email)
    })

    test('a hook may change what is stored', async () => {
      const identity = { metadata_public: { plan: 'gold' }, metadata_admin: { score: 7 }, external_id: 'crm-1' }
      target.answers.set('/enrich', { status: 200, body: { identity } })
      const project = await withHooks('registration', 'after', [webHook('/enrich', parsing), { hook: 'session' }])
      const answer = await new Person(project, 'api').signUp(freshEmail())
      expect(answer.body.identity).toMatchObject({ metadata_public: { plan: 'gold' } })
      expect(answer.body.identity.metadata_admin).toBeUndefined()
      expect((await identities(project))[0]).toMatchObject(identity)
    })

    test.each([
      ['traits that the schema refuses', { traits: { email: 'no address' } }, 400],
      ['a state that there is not', { state: 'asleep' }, 502],
      ['traits that are no object', { traits: 'x' }, 502],
    ])('a hook that answers with %s changes nothing', async (_what, identity, status) => {
      target.answers.set('/nonsense', { status: 200, body: { identity } })
      const project = await withHooks('registration', 'after', [webHook('/nonsense', parsing)])
      expect((await new Person(project, 'api').signUp(freshEmail())).status).toBe(status)
      expect(await identities(project)).toEqual([])
    })

    test('without the hook session nobody is signed in', async () => {
      const project = await withHooks('registration', 'after', [])
      const person = new Person(project, 'browser')
      const answer = await person.signUp(freshEmail())
      expect([answer.status, answer.body.session]).toEqual([200, undefined])
      expect(await person.whoami()).toBeUndefined()
    })

    test('show_verification_ui leads to the verification', async () => {
      const project = await withHooks('registration', 'after', [{ hook: 'show_verification_ui' }])
      const email = freshEmail()
      const answer = await new Person(project, 'browser').signUp(email)
      const shown = answer.body.continue_with.find(
        ({ action }: { action: string }) => action === 'show_verification_ui',
      )
      expect(shown.flow.verifiable_address).toBe(email)
    })
  })

  describe('after signing in', () => {
    test('revoke_active_sessions ends those that were there', async () => {
      const project = await withHooks('login', 'after', [{ hook: 'revoke_active_sessions' }])
      const { email, person } = await member(project)
      const second = new Person(project, 'api')
      await person.signIn(email)
      expect(await person.whoami()).toBe(email)
      await second.signIn(email)
      expect([await person.whoami(), await second.whoami()]).toEqual([undefined, email])
    })

    test('require_verified_address lets nobody in whose address is not', async () => {
      const project = await withHooks('login', 'after', [{ hook: 'require_verified_address' }])
      const { email, person } = await member(project)
      const answer = await person.signIn(email)
      expect([answer.status, answer.body.error.id]).toEqual([403, 'session_verified_address_required'])
      expect(await project.ctx.db.selectFrom('sessions').select('id').execute()).toEqual([])
      const [next] = answer.body.error.details.continue_with
      await person.submit('verification', next.flow, { method: 'code', code: await codeFor(project.ctx, email) })
      expect((await person.signIn(email)).status).toBe(200)
    })

    test('a hook that refuses leaves nobody signed in', async () => {
      target.answers.set('/no-entry', {
        status: 403,
        body: { messages: [{ messages: [{ id: 99, text: 'Not today.', type: 'error' }] }] },
      })
      const project = await withHooks('login', 'after', [webHook('/no-entry', interrupting)])
      const { email, person } = await member(project)
      const answer = await person.signIn(email)
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [99]])
      expect(await project.ctx.db.selectFrom('sessions').select('id').execute()).toEqual([])
    })

    test.each([
      [
        'basic_auth',
        { type: 'basic_auth', config: { user: 'u', password: 'p' } },
        { authorization: `Basic ${btoa('u:p')}` },
      ],
      [
        'an api_key in a header',
        { type: 'api_key', config: { name: 'X-Key', value: 'k', in: 'header' } },
        { 'x-key': 'k' },
      ],
      [
        'an api_key in a cookie',
        { type: 'api_key', config: { name: 'key', value: 'k', in: 'cookie' } },
        { cookie: 'key=k' },
      ],
    ])('a hook may show who it is by %s', async (name, auth, headers) => {
      const path = `/auth-${encodeURIComponent(name)}`
      const project = await withHooks('login', 'after', [webHook(path, { auth })])
      const { email, person } = await member(project)
      await person.signIn(email)
      expect(target.at(path)[0]?.headers).toMatchObject(headers)
    })

    test('a hook is not told passwords, tokens, cookies or hashes', async () => {
      const project = await withHooks('login', 'after', [webHook('/curious')])
      const { email, person } = await member(project, 'browser')
      const flow = await person.begin('login')
      const sent = { method: 'password', identifier: email, password, transient_payload: { from: 'kiosk' } }
      await person.submit('login', flow, sent)
      const [told] = target.at('/curious')
      const secrets = [password, '$2', 'hashed_password', 'csrf', 'credentials', ...person.cookies.values()]
      for (const secret of secrets) expect(told?.text).not.toContain(secret)
      expect(JSON.parse(told?.text ?? '')).toMatchObject({ flow: { transient_payload: { from: 'kiosk' } } })
    })
  })

  describe('after changing settings', () => {
    const rename = (email: string) => ({ method: 'profile', traits: { email, name: { first: 'Ann' } } })

    test('a hook that refuses leaves everything as it was', async () => {
      target.answers.set('/no-change', { status: 400, body: taken })
      const project = await withHooks('settings', 'after', [webHook('/no-change', interrupting)])
      const { email, person, id } = await member(project)
      await person.signIn(email)
      const before = (await project.call('GET', `/admin/identities/${id}`)).body
      const to = freshEmail()
      const answer = await person.submit('settings', await person.begin('settings'), rename(to))
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [1234]])
      expect((await project.call('GET', `/admin/identities/${id}`)).body).toEqual(before)
      expect(JSON.parse(target.at('/no-change')[0]?.text ?? '').identity.traits.email).toBe(to)
    })

    test('a hook that refuses a new password leaves the old one', async () => {
      target.answers.set('/no-password', { status: 400, body: taken })
      const project = await withHooks('settings', 'after', [webHook('/no-password', interrupting)])
      const { email, person } = await member(project)
      await person.signIn(email)
      await person.submit('settings', await person.begin('settings'), {
        method: 'password',
        password: 'another lantern here',
      })
      expect((await new Person(project, 'api').signIn(email)).status).toBe(200)
    })

    test('a hook may change what is stored', async () => {
      target.answers.set('/settings-enrich', { status: 200, body: { identity: { metadata_public: { seen: 1 } } } })
      const project = await withHooks('settings', 'after', [webHook('/settings-enrich', parsing)])
      const { email, person, id } = await member(project)
      await person.signIn(email)
      expect((await person.submit('settings', await person.begin('settings'), rename(email))).status).toBe(200)
      const { body } = await project.call('GET', `/admin/identities/${id}`)
      expect(body).toMatchObject({ metadata_public: { seen: 1 }, traits: { name: { first: 'Ann' } } })
    })

    test('revoke_active_sessions ends all sessions but the own one', async () => {
      const project = await withHooks('settings', 'after', [{ hook: 'revoke_active_sessions' }])
      const { email, person } = await member(project)
      const other = new Person(project, 'api')
      await person.signIn(email)
      await other.signIn(email)
      await person.submit('settings', await person.begin('settings'), {
        method: 'password',
        password: 'another lantern here',
      })
      expect([await person.whoami(), await other.whoami()]).toEqual([email, undefined])
    })
  })

  test.each(['recovery', 'verification'] as const)('a hook that refuses a %s verifies nothing', async (name) => {
    target.answers.set(`/no-${name}`, { status: 400 })
    const project = await withHooks(name, 'after', [webHook(`/no-${name}`, interrupting)])
    const { email, person, id } = await member(project)
    const flow = await person.begin(name)
    await person.submit(name, flow, { method: 'code', email })
    const answer = await person.submit(name, flow, { method: 'code', code: await codeFor(project.ctx, email) })
    expect(answer.status).toBe(400)
    const { body } = await project.call('GET', `/admin/identities/${id}`)
    expect(body.verifiable_addresses).toMatchObject([{ verified: false }])
    expect(await project.ctx.db.selectFrom('sessions').select('id').execute()).toEqual([])
  })

  test('revoke_active_sessions after a recovery ends those that were there', async () => {
    const project = await withHooks('recovery', 'after', [{ hook: 'revoke_active_sessions' }])
    const { email, person } = await member(project)
    await person.signIn(email)
    const again = new Person(project, 'api')
    const flow = await again.begin('recovery')
    await again.submit('recovery', flow, { method: 'code', email })
    expect(
      (await again.submit('recovery', flow, { method: 'code', code: await codeFor(project.ctx, email) })).status,
    ).toBe(200)
    expect(await person.whoami()).toBeUndefined()
  })
})

describe('outgoing requests', () => {
  let target: Awaited<ReturnType<typeof openHookTarget>>
  let elsewhere: Awaited<ReturnType<typeof openHookTarget>>
  beforeAll(async () => {
    target = await openHookTarget()
    elsewhere = await openHookTarget()
  })
  afterAll(async () => {
    await target.close()
    await elsewhere.close()
  })

  test.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://0.0.0.0/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://127.1/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
  ])('do not go to %s where private addresses are refused', async (url) => {
    const failure = await guardedFetch({ allowPrivate: false })(url).catch((error: Error) => error)
    expect(String(failure) + String((failure as Error).cause ?? '')).toMatch(/private|not allowed|failed/)
    expect(failure).toBeInstanceOf(Error)
  })

  test('do not reach a private server by its name', async () => {
    const url = target.url('/by-name').replace('127.0.0.1', 'localhost')
    await expect(guardedFetch({ allowPrivate: false })(url)).rejects.toThrow()
    expect(target.at('/by-name')).toEqual([])
  })

  test('do not take keys along to another host', async () => {
    target.answers.set('/moved', { status: 307, headers: { location: elsewhere.url('/there') } })
    const headers = {
      authorization: 'Bearer secret',
      'x-key': 'secret',
      cookie: 'k=secret',
      'content-type': 'application/json',
    }
    await guardedFetch({ allowPrivate: true })(target.url('/moved'), { method: 'POST', headers, body: '{}' })
    const [arrived] = elsewhere.at('/there')
    expect(arrived?.headers['content-type']).toBe('application/json')
    expect(JSON.stringify(arrived?.headers)).not.toContain('secret')
  })

  test('follow only so many redirects', async () => {
    target.answers.set('/round', { status: 302, headers: { location: target.url('/round') } })
    await expect(guardedFetch({ allowPrivate: true })(target.url('/round'))).rejects.toThrow('too many redirects')
    expect(target.at('/round')).toHaveLength(4)
  })

  test('read only so much', async () => {
    target.answers.set('/large', { status: 200, body: 'x'.repeat(5000) })
    await expect(guardedFetch({ allowPrivate: true })(target.url('/large'), { maxBytes: 1000 })).rejects.toThrow(
      'larger',
    )
  })
})

function withoutHooks(after: object): object {
  const methods = Object.entries(after).filter(([key]) => key !== 'hooks')
  return Object.fromEntries(
    methods.map(([key, value]) => [key, typeof value === 'object' && value !== null ? { ...value, hooks: [] } : value]),
  )
}
