import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHookTarget } from '../../../test/hook-target.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password } from '../../../test/people.ts'
import type { IdentityConfig } from '../../kernel/config/index.ts'

type FlowName = 'login' | 'registration' | 'recovery' | 'verification' | 'settings'
type Selfservice = IdentityConfig['selfservice']
type Config = Record<string, unknown>

const taken = {
  messages: [{ instance_ptr: '#/traits/email', messages: [{ id: 1234, text: 'Not this one.', type: 'error' }] }],
}

describe('hooks of sign-in, settings, recovery and verification', () => {
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
  const _ignored = { response: { ignore: true, parse: false } }

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
  const _identities = async (project: Project) => (await project.call('GET', '/admin/identities')).body

  async function member(project: Project, kind: 'api' | 'browser' = 'api') {
    const email = freshEmail()
    const traits = { email }
    const json = { schema_id: 'person', traits, credentials: { password: { config: { password } } } }
    const { id } = (await project.call('POST', '/admin/identities', { json })).body
    return { email, id, person: new Person(project, kind) }
  }

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
      await person.submit('login', flow, sent, { authorization: 'Bearer hush', 'accept-language': 'de' })
      const [told] = target.at('/curious')
      const secrets = ['hush', password, '$2', 'hashed_password', 'csrf', 'credentials', ...person.cookies.values()]
      for (const secret of secrets) expect(told?.text).not.toContain(secret)
      expect(JSON.parse(told?.text ?? '')).toMatchObject({
        flow: { transient_payload: { from: 'kiosk' } },
        request_headers: { 'Accept-Language': ['de'], 'Content-Type': ['application/json'] },
      })
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

function withoutHooks(after: object): object {
  const methods = Object.entries(after).filter(([key]) => key !== 'hooks')
  return Object.fromEntries(
    methods.map(([key, value]) => [key, typeof value === 'object' && value !== null ? { ...value, hooks: [] } : value]),
  )
}
