import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { interrupting, member, openHooked, parsing, taken } from '../../../test/hooked.ts'
import { codeFor, freshEmail, messageIds, Person, password } from '../../../test/people.ts'
import { listMailbox } from '../../courier/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { IdentityConfig } from '../../kernel/project-config.ts'

type Flags = Partial<IdentityConfig['feature_flags']>

function legacy({ ctx }: { ctx: Context }, flags: Flags): void {
  const { identity } = ctx.config
  const changed = { ...identity, feature_flags: { ...identity.feature_flags, ...flags } }
  Object.assign(ctx, { config: { ...ctx.config, identity: changed } })
}

describe('hooks of sign-in, settings, recovery and verification', () => {
  let hooked: Awaited<ReturnType<typeof openHooked>>
  beforeAll(async () => {
    hooked = await openHooked()
  })
  afterAll(() => hooked.close())

  describe('after signing in', () => {
    test('revoke_active_sessions ends those that were there', async () => {
      const project = await hooked.withHooks('login', 'after', [{ hook: 'revoke_active_sessions' }])
      const { email, person } = await member(project)
      const second = new Person(project, 'api')
      await person.signIn(email)
      expect(await person.whoami()).toBe(email)
      await second.signIn(email)
      expect([await person.whoami(), await second.whoami()]).toEqual([undefined, email])
    })

    test('require_verified_address lets nobody in whose address is not', async () => {
      const project = await hooked.withHooks('login', 'after', [{ hook: 'require_verified_address' }])
      const { email, person } = await member(project)
      const answer = await person.signIn(email)
      expect([answer.status, answer.body.error.id]).toEqual([403, 'session_verified_address_required'])
      expect(await project.ctx.db.selectFrom('sessions').select('id').execute()).toEqual([])
      const [next] = answer.body.error.details.continue_with
      await person.submit('verification', next.flow, { method: 'code', code: await codeFor(project.ctx, email) })
      expect((await person.signIn(email)).status).toBe(200)
    })

    const actionsOf = (body: { continue_with?: { action: string }[] }) =>
      (body.continue_with ?? []).map(({ action }) => action)

    test('verification sends a message for an unverified address, and leads there with show_verification_ui', async () => {
      for (const [hooks, actions] of [
        [['show_verification_ui'], []],
        [['verification'], []],
        [['verification', 'show_verification_ui'], ['show_verification_ui']],
      ] as const) {
        const project = await hooked.withHooks(
          'login',
          'after',
          hooks.map((hook) => ({ hook })),
        )
        const { email, person } = await member(project)
        const { status, body } = await person.signIn(email)
        expect([status, actionsOf(body)]).toEqual([200, actions])
        const sent = await listMailbox(project.ctx, { to: email })
        expect(sent).toHaveLength(hooks[0] === 'verification' ? 1 : 0)
        const [next] = body.continue_with ?? []
        if (!next) continue
        await person.submit('verification', next.flow, { method: 'code', code: await codeFor(project.ctx, email) })
        expect(actionsOf((await new Person(project, 'api').signIn(email)).body)).toEqual([])
        expect(await listMailbox(project.ctx, { to: email })).toHaveLength(1)
      }
    })

    test('legacy_continue_with_verification_ui tells of verifications without a hook', async () => {
      const project = await hooked.withHooks('login', 'after', [{ hook: 'verification' }])
      legacy(project, { legacy_continue_with_verification_ui: true })
      const { email, person } = await member(project)
      expect(actionsOf((await person.signIn(email)).body)).toEqual(['show_verification_ui'])
    })

    test('legacy_require_verified_login_error shows the form again, and sends nothing', async () => {
      const project = await hooked.withHooks('login', 'after', [{ hook: 'require_verified_address' }])
      legacy(project, { legacy_require_verified_login_error: true })
      const { email, person } = await member(project)
      const answer = await person.signIn(email)
      expect([answer.status, messageIds(answer.body), await person.whoami()]).toEqual([400, [4000010], undefined])
      expect(await listMailbox(project.ctx, { to: email })).toEqual([])
    })

    test('a hook that refuses leaves nobody signed in', async () => {
      hooked.target.answers.set('/no-entry', {
        status: 403,
        body: { messages: [{ messages: [{ id: 99, text: 'Not today.', type: 'error' }] }] },
      })
      const project = await hooked.withHooks('login', 'after', [hooked.webHook('/no-entry', interrupting)])
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
      const project = await hooked.withHooks('login', 'after', [hooked.webHook(path, { auth })])
      const { email, person } = await member(project)
      await person.signIn(email)
      expect(hooked.target.at(path)[0]?.headers).toMatchObject(headers)
    })

    test('a hook is not told passwords, tokens, cookies or hashes', async () => {
      const project = await hooked.withHooks('login', 'after', [hooked.webHook('/curious')])
      const { email, person } = await member(project, 'browser')
      const flow = await person.begin('login')
      const sent = { method: 'password', identifier: email, password, transient_payload: { from: 'kiosk' } }
      await person.submit('login', flow, sent, { authorization: 'Bearer hush', 'accept-language': 'de' })
      const [told] = hooked.target.at('/curious')
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
      hooked.target.answers.set('/no-change', { status: 400, body: taken })
      const project = await hooked.withHooks('settings', 'after', [hooked.webHook('/no-change', interrupting)])
      const { email, person, id } = await member(project)
      await person.signIn(email)
      const before = (await project.call('GET', `/admin/identities/${id}`)).body
      const to = freshEmail()
      const answer = await person.submit('settings', await person.begin('settings'), rename(to))
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [1234]])
      expect((await project.call('GET', `/admin/identities/${id}`)).body).toEqual(before)
      expect(JSON.parse(hooked.target.at('/no-change')[0]?.text ?? '').identity.traits.email).toBe(to)
    })

    test('a hook that refuses a new password leaves the old one', async () => {
      hooked.target.answers.set('/no-password', { status: 400, body: taken })
      const project = await hooked.withHooks('settings', 'after', [hooked.webHook('/no-password', interrupting)])
      const { email, person } = await member(project)
      await person.signIn(email)
      await person.submit('settings', await person.begin('settings'), {
        method: 'password',
        password: 'another lantern here',
      })
      expect((await new Person(project, 'api').signIn(email)).status).toBe(200)
    })

    test('a hook may change what is stored', async () => {
      hooked.target.answers.set('/settings-enrich', {
        status: 200,
        body: { identity: { metadata_public: { seen: 1 } } },
      })
      const project = await hooked.withHooks('settings', 'after', [hooked.webHook('/settings-enrich', parsing)])
      const { email, person, id } = await member(project)
      await person.signIn(email)
      expect((await person.submit('settings', await person.begin('settings'), rename(email))).status).toBe(200)
      const { body } = await project.call('GET', `/admin/identities/${id}`)
      expect(body).toMatchObject({ metadata_public: { seen: 1 }, traits: { name: { first: 'Ann' } } })
    })

    describe('notify_previous_addresses', () => {
      const notified = async (ctx: Context, to: string) =>
        (await listMailbox(ctx, { to }))
          .map(({ subject }) => subject)
          .filter((subject) => subject.includes('was changed'))

      /** Somebody with a verified address, who changes it. */
      async function mover(hook: object, { isVerified = true } = {}) {
        const project = await hooked.withHooks('settings', 'after', [hook])
        const { email, person, id } = await member(project)
        const verified = [{ op: 'replace', path: '/verifiable_addresses/0/verified', value: isVerified }]
        await project.call('PATCH', `/admin/identities/${id}`, { json: verified })
        await person.signIn(email)
        const to = freshEmail()
        expect((await person.submit('settings', await person.begin('settings'), rename(to))).status).toBe(200)
        return { project, person, email, to }
      }

      test.each([
        ['removed', true, 1],
        ['removed', false, 1],
        ['all_verified', true, 1],
        ['all_verified', false, 0],
        ['all', false, 1],
      ])(
        'tells %s addresses (verified: %s) of a change, and never the new one',
        async (recipients, isVerified, count) => {
          const hook = { hook: 'notify_previous_addresses', config: { recipients } }
          const { project, email, to } = await mover(hook, { isVerified })
          expect((await notified(project.ctx, email)).length).toBe(count)
          expect(await notified(project.ctx, to)).toEqual([])
        },
      )

      test('tells nobody of other changes, and by default those that were removed', async () => {
        const { project, person, email, to } = await mover({ hook: 'notify_previous_addresses' })
        const name = { method: 'profile', traits: { email: to, name: { first: 'Bea' } } }
        expect((await person.submit('settings', await person.begin('settings'), name)).status).toBe(200)
        expect([await notified(project.ctx, email), await notified(project.ctx, to)]).toEqual([
          [expect.any(String)],
          [],
        ])
      })

      test('tells nobody if the change is refused', async () => {
        hooked.target.answers.set('/no-notice', { status: 400, body: taken })
        const project = await hooked.withHooks('settings', 'after', [
          { hook: 'notify_previous_addresses' },
          hooked.webHook('/no-notice', interrupting),
        ])
        const { email, person } = await member(project)
        await person.signIn(email)
        await person.submit('settings', await person.begin('settings'), rename(freshEmail()))
        expect(await notified(project.ctx, email)).toEqual([])
      })

      test('tells a verified address however many messages were sent to it, and others only so often', async () => {
        const project = await hooked.withHooks('settings', 'after', [
          { hook: 'notify_previous_addresses', config: { recipients: 'removed' } },
        ])
        const { email, person } = await member(project)
        await person.signIn(email)
        const victim = freshEmail('victim')
        const limit = project.ctx.config.identity.security.messages.per_recipient
        for (let i = 0; i <= limit; i++) {
          for (const to of [victim, email]) await person.submit('settings', await person.begin('settings'), rename(to))
        }
        expect((await listMailbox(project.ctx, { to: victim })).length).toBeLessThanOrEqual(limit)
      })
    })

    test('revoke_active_sessions ends all sessions but the own one', async () => {
      const project = await hooked.withHooks('settings', 'after', [{ hook: 'revoke_active_sessions' }])
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
    hooked.target.answers.set(`/no-${name}`, { status: 400 })
    const project = await hooked.withHooks(name, 'after', [hooked.webHook(`/no-${name}`, interrupting)])
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
    const project = await hooked.withHooks('recovery', 'after', [{ hook: 'revoke_active_sessions' }])
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
