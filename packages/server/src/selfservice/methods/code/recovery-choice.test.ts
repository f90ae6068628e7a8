import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password } from '../../../../test/people.ts'
import { type Body, choices, fields, freshPhone, schemaWithAddresses } from '../../../../test/several-addresses.ts'
import { listMailbox } from '../../../courier/index.ts'

describe.each(dsns)('recovery with a choice of addresses on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  let hidden: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await withChoice({})
    hidden = await withChoice({ mitigate: true })
  })
  afterAll(() => app.close())

  async function withChoice({ mitigate = false, perAccount = 100, use = 'code' as 'code' | 'link' }) {
    const made = await app.project(({ security, selfservice, feature_flags, ...identity }) => ({
      ...identity,
      feature_flags: { ...feature_flags, choose_recovery_address: true },
      security: {
        ...security,
        account_enumeration: { mitigate },
        messages: { ...security.messages, per_account: perAccount },
      },
      selfservice: {
        ...selfservice,
        flows: {
          ...selfservice.flows,
          recovery: { ...selfservice.flows.recovery, use, notify_unknown_recipients: true },
        },
      },
    }))
    const identitySchemas = made.ctx.config.identitySchemas.map((one) => ({ ...one, document: schemaWithAddresses }))
    Object.assign(made.ctx, { config: { ...made.ctx.config, identitySchemas } })
    return made
  }

  async function member(more: Record<string, string> = {}, at = project) {
    const own = { email: freshEmail(), ...more }
    expect(
      (await new Person(at, 'api').run('registration', { method: 'password', traits: own, password })).status,
    ).toBe(200)
    return own
  }
  const several = (at = project) =>
    member({ second: freshEmail('second'), phone: freshPhone() }, at) as Promise<
      Required<Record<'email' | 'second' | 'phone', string>>
    >

  async function begun(kind: 'api' | 'browser' = 'api', at = project) {
    const person = new Person(at, kind)
    const flow = await person.begin('recovery')
    const submit = (sent: object, headers?: Record<string, string>) =>
      person.submit('recovery', flow, { method: 'code', ...sent }, headers)
    return { person, flow, submit }
  }
  const sentTo = async (to: string, at = project) => (await listMailbox(at.ctx, { to })).length

  test('asks for any address first', async () => {
    const { flow } = await begun()
    expect([flow.state, flow.active]).toEqual(['recovery_awaiting_address', 'code'])
    expect(fields(flow)).toEqual([
      ['recovery_address', 'text', undefined],
      ['method', 'submit', 'code'],
    ])
    expect(flow.ui.nodes[1].meta.label.id).toBe(1070016)
  })

  test.each(['api', 'browser'] as const)('sends a code at once where there is one address (%s)', async (kind) => {
    const { email } = await member()
    const { submit, person } = await begun(kind)
    const sent = await submit({ recovery_address: ` ${email.toUpperCase()}` })
    expect([sent.status, sent.body.state, messageIds(sent.body)]).toEqual([200, 'recovery_awaiting_code', [1060004]])
    const typed = ` ${email.toUpperCase()}`
    expect(fields(sent.body)).toEqual([
      ['code', 'text', undefined],
      ['method', 'submit', 'code'],
      ['method', 'hidden', 'code'],
      ['recovery_confirm_address', 'submit', typed],
      ['recovery_address', 'hidden', typed],
      ['screen', 'submit', 'previous'],
    ])
    const passed = await submit({ code: await codeFor(project.ctx, email) })
    expect([passed.status, passed.body.state]).toEqual([200, 'passed_challenge'])
    expect(passed.body.continue_with.at(-1)).toMatchObject({ action: 'show_settings_ui' })
    if (kind === 'browser') expect(await person.whoami()).toBe(email)
  })

  test('lists masked addresses, which do not give the addresses away', async () => {
    const own = await several()
    const { submit } = await begun()
    const { body, status } = await submit({ recovery_address: own.email })
    expect([status, body.state, messageIds(body)]).toEqual([200, 'recovery_awaiting_address_choice', [1060006]])
    const masked = [
      `${own.phone.slice(0, 3)}****${own.phone.slice(-2)}`,
      'ad****@harbour.example',
      'se****@harbour.example',
    ]
    expect(choices(body).map(({ label }) => label)).toEqual(masked)
    expect(body.ui.nodes.find((node: Body) => node.attributes.name === 'recovery_select_address').meta.label.id).toBe(
      1070000,
    )
    for (const secret of [own.second, own.phone, own.phone.slice(3, -2)])
      expect(JSON.stringify(body)).not.toContain(secret)
    expect(await sentTo(own.email)).toBe(0)
    // The identifiers of the choices differ by flow, so that they are no hash that one could search for.
    const again = await (await begun()).submit({ recovery_address: own.email })
    expect(choices(again.body)[0]?.value).not.toBe(choices(body)[0]?.value)
  })

  test('asks for the full address of another choice, and sends the code to a phone', async () => {
    const own = await several()
    const { submit } = await begun()
    const offered = choices((await submit({ recovery_address: own.email })).body)
    const chosen = { recovery_select_address: offered[0]?.value, recovery_address: own.email }
    const asked = await submit(chosen)
    expect([asked.status, asked.body.state, messageIds(asked.body)]).toEqual([
      200,
      'recovery_confirming_address',
      [1060005],
    ])
    expect(fields(asked.body)[0]).toEqual(['recovery_confirm_address', 'tel', undefined])
    expect(JSON.stringify(asked.body)).not.toContain(own.phone)
    const sent = await submit({ recovery_confirm_address: own.phone, recovery_address: own.email })
    expect([sent.status, sent.body.state]).toEqual([200, 'recovery_awaiting_code'])
    expect(sent.body.ui.messages[0].context.masked_address).toBe(`${own.phone.slice(0, 3)}****${own.phone.slice(-2)}`)
    expect([await sentTo(own.email), await sentTo(own.phone)]).toEqual([0, 1])
    expect((await submit({ code: await codeFor(project.ctx, own.phone) })).body.state).toBe('passed_challenge')
  })

  test('does not ask again for the address that was given', async () => {
    const own = await several()
    const { submit } = await begun()
    const offered = choices((await submit({ recovery_address: own.second })).body)
    const chosen = offered.find(({ label }) => label.startsWith('se'))?.value
    const sent = await submit({ recovery_select_address: chosen, recovery_address: own.second })
    expect([sent.body.state, await sentTo(own.second)]).toEqual(['recovery_awaiting_code', 1])
  })

  test('answers a full address that is not of the account as one that is, and sends nothing to it', async () => {
    const own = await several()
    const { submit } = await begun()
    const offered = choices((await submit({ recovery_address: own.email })).body)
    await submit({ recovery_select_address: offered[0]?.value, recovery_address: own.email })
    const stranger = freshPhone()
    const sent = await submit({ recovery_confirm_address: stranger, recovery_address: own.email })
    expect([sent.status, sent.body.state, messageIds(sent.body)]).toEqual([200, 'recovery_awaiting_code', [1060004]])
    expect([await sentTo(stranger), await sentTo(own.phone), await sentTo(own.email)]).toEqual([0, 0, 0])
  })

  test('answers an unknown address as the only one of an account', async () => {
    const { email } = await member()
    const stranger = freshEmail('stranger')
    const shapes = []
    for (const address of [email, stranger]) {
      const { status, body } = await (await begun()).submit({ recovery_address: address })
      shapes.push([status, body.state, messageIds(body), JSON.stringify(fields(body)).replaceAll(address, 'ADDRESS')])
    }
    expect(shapes[1]).toEqual(shapes[0])
    const [mail] = await listMailbox(project.ctx, { to: stranger })
    expect(mail?.text).not.toMatch(/\b\d{6}\b/)
  })

  test('sends nothing to what is no address', async () => {
    for (const address of ['nobody', '@', '"a b"@harbour.example', '+49 1']) {
      const { status, body } = await (await begun()).submit({ recovery_address: address })
      expect([status, body.state]).toEqual([200, 'recovery_awaiting_code'])
      expect(await sentTo(address)).toBe(0)
    }
  })

  test('sends another code, which replaces the first', async () => {
    const { email } = await member()
    const { submit } = await begun()
    await submit({ recovery_address: email })
    const first = await codeFor(project.ctx, email)
    const again = await submit({ recovery_confirm_address: email, recovery_address: email })
    expect([again.status, again.body.state, await sentTo(email)]).toEqual([200, 'recovery_awaiting_code', 2])
    const second = await codeFor(project.ctx, email)
    if (first !== second) expect(messageIds((await submit({ code: first })).body)).toEqual([4060006])
    expect((await submit({ code: second })).body.state).toBe('passed_challenge')
  })

  test('goes back to the choice, and to the first form where there is none', async () => {
    const own = await several()
    const one = await begun()
    const offered = choices((await one.submit({ recovery_address: own.email })).body)
    await one.submit({ recovery_select_address: offered[0]?.value, recovery_address: own.email })
    const back = await one.submit({ screen: 'previous', recovery_address: own.email })
    expect([back.status, back.body.state]).toEqual([200, 'recovery_awaiting_address_choice'])
    expect(choices(back.body)).toEqual(offered)
    const { email } = await member()
    const other = await begun()
    await other.submit({ recovery_address: email })
    const start = await other.submit({ screen: 'previous', recovery_address: email })
    expect([start.status, start.body.state, fields(start.body)[0][0]]).toEqual([
      200,
      'recovery_awaiting_address',
      'recovery_address',
    ])
    expect(messageIds(start.body)).toEqual([])
  })

  test('refuses a step without its field, or with a choice that is not in the form', async () => {
    const own = await several()
    const { submit, flow, person } = await begun()
    const refused = async (sent: object) => {
      const { status, body } = await submit(sent)
      return [status, body.state, messageIds(body)]
    }
    expect(await refused({})).toEqual([400, 'recovery_awaiting_address', [4000002]])
    const offered = choices((await submit({ recovery_address: own.email })).body)
    expect(await refused({ recovery_address: own.email })).toEqual([400, 'recovery_awaiting_address_choice', [4000002]])
    const foreign = choices((await (await begun()).submit({ recovery_address: own.email })).body)[0]?.value
    for (const chosen of ['x', foreign]) {
      const sent = { recovery_address: own.email, recovery_select_address: chosen }
      expect(await refused(sent)).toEqual([400, 'recovery_awaiting_address_choice', [4000001]])
    }
    expect(choices((await person.call('GET', `/self-service/recovery/flows?id=${flow.id}`)).body)).toEqual(offered)
    person.cookies.clear()
    await submit({ recovery_select_address: offered[0]?.value, recovery_address: own.email })
    expect(await refused({ recovery_address: own.email })).toEqual([400, 'recovery_confirming_address', [4000002]])
    expect([await sentTo(own.email), await sentTo(own.phone)]).toEqual([0, 0])
  })

  test('guessed at too often is refused even if the code is right', async () => {
    const { email } = await member()
    const { submit } = await begun()
    await submit({ recovery_address: email })
    const code = await codeFor(project.ctx, email)
    for (let i = 0; i < 5; i++) await submit({ code: code === '000000' ? '000001' : '000000' })
    expect((await submit({ code })).body.state).not.toBe('passed_challenge')
  })

  test('needs the anti-CSRF token of a browser', async () => {
    const { email } = await member()
    const { submit } = await begun('browser')
    const answer = await submit({ recovery_address: email, csrf_token: 'x' })
    expect([answer.status, await sentTo(email)]).toEqual([403, 0])
  })

  test('is not for somebody who is signed in', async () => {
    const { email } = await member()
    const { person, submit } = await begun('api')
    await person.signIn(email)
    const answer = await submit({ recovery_address: email })
    expect([answer.status, answer.body.error.id]).toEqual([400, 'session_already_available'])
  })

  test('lists no addresses where account enumeration is mitigated', async () => {
    const own = await several(hidden)
    const { submit } = await begun('api', hidden)
    const sent = await submit({ recovery_address: own.email })
    expect([sent.body.state, await sentTo(own.email, hidden)]).toEqual(['recovery_awaiting_code', 1])
  })

  test('lists the addresses of an account a limited number of times', async () => {
    const limited = await withChoice({ perAccount: 2 })
    const own = await several(limited)
    const statuses = []
    for (let i = 0; i < 3; i++) {
      statuses.push((await (await begun('api', limited)).submit({ recovery_address: own.email })).status)
    }
    expect(statuses).toEqual([200, 200, 429])
  })

  test('offers no choice where recovery is by link', async () => {
    const { flow } = await begun('api', await withChoice({ use: 'link' }))
    expect([flow.state, flow.active]).toEqual(['choose_method', 'link'])
  })

  test('goes on as it began when the choice is switched off', async () => {
    const { email } = await member()
    const { submit } = await begun()
    const { config } = project.ctx
    const flags = { ...config.identity.feature_flags, choose_recovery_address: false }
    Object.assign(project.ctx, { config: { ...config, identity: { ...config.identity, feature_flags: flags } } })
    try {
      expect((await submit({ recovery_address: email })).body.state).toBe('recovery_awaiting_code')
      expect((await begun()).flow.state).toBe('choose_method')
    } finally {
      Object.assign(project.ctx, { config })
    }
  })
})
