import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns } from '../../../../test/app.ts'
import { interrupting, member, openHooked, parsing, taken } from '../../../../test/hooked.ts'
import { codeFor, freshEmail, linkTokenFor, messageIds, Person } from '../../../../test/people.ts'
import { listMailbox } from '../../../courier/index.ts'
import type { IdentityConfig } from '../../../kernel/config/index.ts'
import { loadHooks } from '../../index.ts'

const deferring = { hook: 'verify_new_address' }
const minuteMs = 60_000

describe.each(dsns)('verify_new_address on %s', (_, dsn) => {
  let hooked: Awaited<ReturnType<typeof openHooked>>
  beforeAll(async () => {
    hooked = await openHooked(dsn)
  })
  afterAll(() => hooked.close())

  type Project = Awaited<ReturnType<typeof hooked.withHooks>>
  const stored = async (project: Project, id: string) => (await project.call('GET', `/admin/identities/${id}`)).body

  /** Somebody who is signed in, in a project with these hooks after the settings. */
  async function somebody(hooks: object[] = [deferring], kind: 'api' | 'browser' = 'api') {
    const project = await hooked.withHooks('settings', 'after', [])
    const { profile } = project.ctx.config.identity.selfservice.flows.settings.after
    Object.assign(profile as object, { hooks })
    expect(
      await loadHooks(project.ctx.config.identity.selfservice, { folder: undefined, fetch: project.ctx.fetch }),
    ).toEqual([])
    const { email, id, person } = await member(project, kind)
    expect((await person.signIn(email)).status).toBe(200)
    const change = async (traits: object, by = person) =>
      by.submit('settings', await by.begin('settings'), { method: 'profile', traits })
    return { project, email, id, person, change }
  }

  /** Somebody who has asked for another address, and the verification that has begun. */
  async function moving(hooks?: object[], kind?: 'api' | 'browser') {
    const one = await somebody(hooks, kind)
    const to = freshEmail('new')
    const asked = await one.change({ email: to, name: { first: 'Ann' } })
    const [next] = asked.body.continue_with
    const enter = async (code?: string, by = one.person) =>
      by.submit('verification', next.flow, { method: 'code', code: code ?? (await codeFor(one.project.ctx, to)) })
    return { ...one, to, asked, next, enter }
  }

  test.each(['api', 'browser'] as const)('nothing changes before the new address is verified (%s)', async (kind) => {
    const { project, id, email, to, asked, next, enter, person } = await moving(undefined, kind)
    expect([asked.status, messageIds(asked.body), asked.body.identity.traits.email]).toEqual([200, [], email])
    expect(asked.body.continue_with).toEqual([
      { action: 'show_verification_ui', flow: expect.objectContaining({ verifiable_address: to }) },
    ])
    const before = await stored(project, id)
    expect([before.traits, before.verifiable_addresses.length]).toEqual([{ email }, 1])
    expect((await new Person(project, 'api').signIn(to)).status).toBe(400)

    const answer = await enter()
    expect([answer.status, answer.body.state]).toEqual([200, 'passed_challenge'])
    const after = await stored(project, id)
    expect(after.traits).toEqual({ email: to, name: { first: 'Ann' } })
    expect(after.verifiable_addresses).toMatchObject([{ value: to, verified: true, status: 'completed' }])
    expect((await new Person(project, 'api').signIn(to)).status).toBe(200)
    expect(await person.whoami()).toBe(to)
    expect((await enter('000000')).body.error?.use_flow_id ?? next.flow.id).not.toBe('')
    const names = (await project.ctx.db.selectFrom('events').select('name').execute()).map(({ name }) => name)
    expect(names.filter((name) => /^(Settings|Verification)Succeeded$/.test(name))).toHaveLength(2)
  })

  test('a browser without a script is led to the verification', async () => {
    const { email, person } = await somebody(undefined, 'browser')
    const flow = await person.begin('settings')
    const fields = { method: 'profile', traits: { email: freshEmail() } }
    const answer = await person.submit('settings', flow, fields, { accept: 'text/html' })
    expect([answer.status, answer.headers.location]).toEqual([303, expect.stringContaining('/verification?flow=')])
    expect(await person.whoami()).toBe(email)
  })

  test('other changes, and removals of addresses, take effect at once', async () => {
    const { project, id, email, change } = await somebody()
    expect(messageIds((await change({ email, name: { first: 'Bea' } })).body)).toContain(1050001)
    expect((await stored(project, id)).traits.name).toEqual({ first: 'Bea' })
    expect(await listMailbox(project.ctx, { to: email })).toEqual([])
  })

  test('a wrong code applies nothing, and a code is used once', async () => {
    const { project, id, email, to, enter } = await moving()
    expect(messageIds((await enter('000000')).body)).toEqual([4070006])
    expect((await stored(project, id)).traits.email).toBe(email)
    const code = await codeFor(project.ctx, to)
    const answers = await Promise.all([enter(code), enter(code), enter(code)])
    expect(answers.filter(({ body }) => body.state === 'passed_challenge').length).toBeGreaterThanOrEqual(1)
    const { identity_id } = { identity_id: id }
    const updates = await project.ctx.db
      .selectFrom('events')
      .select('attributes')
      .where('name', '=', 'SettingsSucceeded')
      .execute()
    expect(updates.filter(({ attributes }) => attributes.includes(identity_id))).toHaveLength(1)
  })

  test('a further change takes the place of the first, whose code is refused', async () => {
    const { project, id, email, to, enter, change } = await moving()
    const first = await codeFor(project.ctx, to)
    const second = freshEmail('second')
    await change({ email: second })
    const refused = await enter(first)
    expect([refused.status, messageIds(refused.body)]).toEqual([200, [4070006]])
    expect((await stored(project, id)).traits.email).toBe(email)
  })

  test.each(['revoked', 'expired', 'deleted'] as const)(
    'a session that was %s cannot have its change applied',
    async (how) => {
      const { project, id, email, enter, to } = await moving()
      const sessions = project.ctx.db.updateTable('sessions')
      if (how === 'revoked') await sessions.set({ active: 0 }).execute()
      if (how === 'expired') await sessions.set({ expires_at: 1 }).execute()
      if (how === 'deleted') await project.call('DELETE', `/admin/identities/${id}/sessions`)
      const code = await codeFor(project.ctx, to)
      expect(messageIds((await enter(code, new Person(project, 'api'))).body)).toEqual([4070006])
      expect((await stored(project, id)).traits.email).toBe(email)
    },
  )

  test('traits that were changed meanwhile are not overwritten', async () => {
    const { project, id, email, enter } = await moving()
    const json = [{ op: 'add', path: '/traits/name', value: { first: 'Eva' } }]
    expect((await project.call('PATCH', `/admin/identities/${id}`, { json })).status).toBe(200)
    expect(messageIds((await enter()).body)).toEqual([4070006])
    expect((await stored(project, id)).traits).toEqual({ email, name: { first: 'Eva' } })
  })

  test('an address of somebody else is refused, when it is entered and when it is verified', async () => {
    const { project, email, change, to, enter, id } = await moving()
    const other = await member(project)
    const refused = await change({ email: other.email })
    expect([refused.status, messageIds(refused.body)]).toEqual([400, [4000007]])
    expect(await listMailbox(project.ctx, { to: other.email })).toEqual([])
    const json = { schema_id: 'person', traits: { email: to } }
    expect((await project.call('POST', '/admin/identities', { json })).status).toBe(201)
    const late = await enter()
    expect([late.status, messageIds(late.body)]).toEqual([400, [4000007]])
    expect((await stored(project, id)).traits.email).toBe(email)
  })

  test('the verification can send another code to the new address, and verifies no other one', async () => {
    const { project, id, to, next, enter, person } = await moving()
    const first = await codeFor(project.ctx, to)
    await person.submit('verification', next.flow, { method: 'code', email: to })
    expect(await listMailbox(project.ctx, { to })).toHaveLength(2)
    expect(messageIds((await enter(first)).body)).toEqual([4070006])
    await person.submit('verification', next.flow, { method: 'code', email: freshEmail('stranger') })
    await person.submit('verification', next.flow, { method: 'code', email: to })
    expect((await enter()).body.state).toBe('passed_challenge')
    expect((await stored(project, id)).traits.email).toBe(to)
  })

  test('a link applies the change when it is opened', async () => {
    const { project, id, change } = await somebody()
    const { selfservice } = project.ctx.config.identity
    Object.assign(selfservice.flows.verification, { use: 'link' })
    Object.assign(selfservice.methods.link, { enabled: true })
    // Without a page that asks for confirmation, opening the link is enough, as in Kratos.
    Reflect.deleteProperty(selfservice.methods.link.config, 'confirm_url')
    const to = freshEmail('link')
    const [next] = (await change({ email: to })).body.continue_with
    const token = await linkTokenFor(project.ctx, to)
    await new Person(project).call('GET', `/self-service/verification?flow=${next.flow.id}&token=${token}`)
    expect((await stored(project, id)).traits.email).toBe(to)
  })

  test('a sign-in that is not recent is asked for first', async () => {
    const { project, id, email, change } = await somebody()
    const maxAge = project.ctx.config.identity.selfservice.flows.settings.privileged_session_max_age
    hooked.app.clock.advance(maxAge + minuteMs)
    const answer = await change({ email: freshEmail() })
    expect([answer.status, answer.body.error.id]).toEqual([403, 'session_refresh_required'])
    expect((await stored(project, id)).traits.email).toBe(email)
  })

  test('previous addresses and web hooks hear of the change when it is applied, not before', async () => {
    const notify = { hook: 'notify_previous_addresses' }
    const { project, email, to, enter } = await moving([deferring, notify, hooked.webHook('/applied')])
    const previous = async () => (await listMailbox(project.ctx, { to: email })).length
    expect([await previous(), hooked.target.at('/applied').length]).toEqual([0, 0])
    await enter()
    expect(await previous()).toBe(1)
    const [sent] = hooked.target.at('/applied')
    expect(JSON.parse(sent?.text ?? '')).toMatchObject({ identity: { traits: { email: to } } })
  })

  test('a web hook can refuse the change at once, or add to what is applied later', async () => {
    hooked.target.answers.set('/refuse-address', { status: 400, body: taken })
    const refusing = await somebody([hooked.webHook('/refuse-address', interrupting), deferring])
    expect(messageIds((await refusing.change({ email: freshEmail() })).body)).toEqual([1234])
    const body = { identity: { metadata_public: { checked: true } } }
    hooked.target.answers.set('/enrich-address', { status: 200, body })
    const { project, id, enter } = await moving([hooked.webHook('/enrich-address', parsing), deferring])
    expect((await stored(project, id)).metadata_public).toBeNull()
    await enter()
    expect((await stored(project, id)).metadata_public).toEqual({ checked: true })
  })

  test('needs verifications, which are configured with it', async () => {
    const { ctx } = await hooked.app.project()
    const { selfservice } = ctx.config.identity
    const flows = structuredClone(selfservice.flows)
    Object.assign(flows.settings.after.profile as object, { hooks: [deferring] })
    Object.assign(flows.verification, { enabled: false })
    const changed = { ...selfservice, flows } as IdentityConfig['selfservice']
    expect(await loadHooks(changed, { folder: undefined, fetch: ctx.fetch })).toMatchObject([
      { path: ['selfservice', 'flows', 'settings', 'after', 'profile', 'hooks', 0, 'hook'] },
    ])
  })
})
