import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../test/app.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password } from '../../test/people.ts'
import type { IdentityConfig } from '../configuration/index.ts'
import { listMailbox } from '../courier/index.ts'

const phone = {
  type: 'string',
  format: 'tel',
  'ory.sh/kratos': {
    credentials: { password: { identifier: true }, code: { identifier: true, via: 'sms' } },
    verification: { via: 'sms' },
    recovery: { via: 'sms' },
  },
}
const email = { type: 'string', format: 'email', 'ory.sh/kratos': { credentials: { password: { identifier: true } } } }
const traits = { type: 'object', properties: { email, contact: { type: 'object', properties: { phone } } } }
const schema = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: { traits } }

let count = 0
/** A number nobody has, in E.164 and in parts. */
function freshNumber() {
  const last = String(10_000 + ++count).slice(1)
  return { e164: `+491512620${last}`, last }
}

const spellings: [string, (last: string) => string][] = [
  ['spaces', (last) => `+49 151 2620${last}`],
  ['marks of direction, as copied from contacts', (last) => `\u202A+49 151 2620${last}\u202C`],
  ['spaces that do not break', (last) => `+49\u00A0151\u00A02620${last}`],
  ['en dashes', (last) => `+49 151\u20132620\u2013${last}`],
  ['a scheme', (last) => `tel:+49-151-2620${last}`],
  ['an extension', (last) => `+49 151 2620${last} ext. 5`],
]

describe.each(dsns)('phone numbers on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let byPassword: TestProject
  let byCode: TestProject
  let byBoth: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    byPassword = await project((same) => same)
    byCode = await project(({ selfservice, ...identity }) => {
      const { methods, flows } = selfservice
      const code = { ...methods.code, passwordless_enabled: true }
      const login = { ...flows.login, style: 'identifier_first' as const }
      return { ...identity, selfservice: { ...selfservice, methods: { ...methods, code }, flows: { ...flows, login } } }
    })
    byBoth = await project(({ selfservice, ...identity }) => {
      const { methods } = selfservice
      const code = { ...methods.code, passwordless_enabled: false, mfa_enabled: true }
      return { ...identity, selfservice: { ...selfservice, methods: { ...methods, code } } }
    })
  })
  afterAll(() => app.close())

  async function project(change: (identity: IdentityConfig) => IdentityConfig): Promise<TestProject> {
    const made = await app.project((identity) => {
      const { security } = identity
      return change({ ...identity, security: { ...security, messages: { ...security.messages, enabled: false } } })
    })
    const identitySchemas = made.ctx.config.identitySchemas.map((one) => ({ ...one, document: schema }))
    Object.assign(made.ctx, { config: { ...made.ctx.config, identitySchemas } })
    return made
  }

  const traitsWith = (number: string) => ({ contact: { phone: number } })
  const found = async (at: TestProject, number: string) =>
    (await at.call('GET', `/admin/identities?credentials_identifier=${encodeURIComponent(number)}`)).body
  const addressOf = async (at: TestProject, number: string) => {
    const [identity] = await found(at, number)
    return identity.verifiable_addresses.map(({ value, via, verified }: Record<string, unknown>) => ({
      value,
      via,
      verified,
    }))
  }

  async function signUpByCode(at: TestProject, number: string, e164: string) {
    const person = new Person(at, 'api')
    const flow = await person.begin('registration')
    const sent = await person.submit('registration', flow, { method: 'code', traits: traitsWith(number) })
    expect(messageIds(sent.body)).toEqual([1040005])
    const code = await codeFor(at.ctx, e164)
    expect(
      (await person.submit('registration', flow, { method: 'code', traits: traitsWith(number), code })).status,
    ).toBe(200)
  }

  describe.each(spellings)('with %s', (_name, spell) => {
    test('are one in sign-up and sign-in by password, verification and the admin API', async () => {
      const { e164, last } = freshNumber()
      const typed = spell(last)
      const person = new Person(byPassword, 'api')
      expect(
        (await person.run('registration', { method: 'password', traits: traitsWith(typed), password })).status,
      ).toBe(200)
      // The trait itself stays as it was typed.
      expect((await found(byPassword, typed)).map((one: { traits: object }) => one.traits)).toEqual([traitsWith(typed)])
      expect(await found(byPassword, e164)).toEqual(await found(byPassword, typed))
      expect(await addressOf(byPassword, e164)).toEqual([{ value: e164, via: 'sms', verified: false }])
      for (const identifier of [typed, e164])
        expect((await new Person(byPassword, 'api').signIn(identifier)).status).toBe(200)
      expect(
        (
          await new Person(byPassword, 'api').run('registration', {
            method: 'password',
            traits: traitsWith(e164),
            password,
          })
        ).status,
      ).toBe(400)

      const flow = await person.begin('verification')
      expect((await person.submit('verification', flow, { method: 'code', email: typed })).status).toBe(200)
      const code = await codeFor(byPassword.ctx, e164)
      expect((await person.submit('verification', flow, { method: 'code', code })).body.state).toBe('passed_challenge')
      expect(await addressOf(byPassword, e164)).toEqual([{ value: e164, via: 'sms', verified: true }])
    })

    test('are one in sign-up and sign-in by code, which verify them', async () => {
      const { e164, last } = freshNumber()
      const typed = spell(last)
      await signUpByCode(byCode, typed, e164)
      expect(await addressOf(byCode, e164)).toEqual([{ value: e164, via: 'sms', verified: true }])
      for (const identifier of [typed, e164]) {
        const person = new Person(byCode, 'api')
        const flow = await person.begin('login')
        const chosen = await person.submit('login', flow, { method: 'identifier_first', identifier })
        expect(messageIds(chosen.body)).not.toContain(4000037)
        expect(messageIds((await person.submit('login', flow, { method: 'code', identifier })).body)).toEqual([1010014])
        const code = await codeFor(byCode.ctx, e164)
        expect((await person.submit('login', flow, { method: 'code', identifier, code })).status).toBe(200)
      }
    })

    test('are one in recovery', async () => {
      const { e164, last } = freshNumber()
      await new Person(byPassword, 'api').run('registration', {
        method: 'password',
        traits: traitsWith(e164),
        password,
      })
      const person = new Person(byPassword, 'browser')
      const flow = await person.begin('recovery')
      expect((await person.submit('recovery', flow, { method: 'code', email: spell(last) })).status).toBe(200)
      const code = await codeFor(byPassword.ctx, e164)
      const answer = await person.submit('recovery', flow, { method: 'code', code })
      expect(answer.body.state).toBe('passed_challenge')
      expect(await addressOf(byPassword, e164)).toEqual([{ value: e164, via: 'sms', verified: true }])
    })

    test('are one in the settings, which send a code', async () => {
      const [{ e164: before }, { e164, last }] = [freshNumber(), freshNumber()]
      const person = new Person(byPassword, 'api')
      await person.run('registration', { method: 'password', traits: traitsWith(before), password })
      const changed = await person.run('settings', { method: 'profile', traits: traitsWith(spell(last)) })
      expect(changed.status).toBe(200)
      expect(await addressOf(byPassword, e164)).toEqual([{ value: e164, via: 'sms', verified: false }])
      expect(await codeFor(byPassword.ctx, e164)).toMatch(/^\d{6}$/)
      // Another spelling of the same number is the same address.
      const again = await person.run('settings', { method: 'profile', traits: traitsWith(e164) })
      expect(again.status).toBe(200)
      expect(await listMailbox(byPassword.ctx, { to: e164 })).toHaveLength(1)
    })

    test('are one as the second factor, named by its trait', async () => {
      const { e164, last } = freshNumber()
      const typed = spell(last)
      await new Person(byBoth, 'api').run('registration', { method: 'password', traits: traitsWith(typed), password })
      const person = new Person(byBoth, 'api')
      await person.signIn(typed)
      const flow = await person.begin('login', '?aal=aal2&via=contact.phone')
      expect(flow.state).toBe('sent_email')
      const code = await codeFor(byBoth.ctx, e164)
      const answer = await person.submit('login', flow, { method: 'code', code })
      expect(answer.body.session.authenticator_assurance_level).toBe('aal2')
      const chosen = await person.begin('login', '?aal=aal2&via=email')
      expect(chosen.error.code).toBe(400)
    })

    test('are one in an import', async () => {
      const { e164, last } = freshNumber()
      const json = {
        schema_id: 'person',
        traits: traitsWith(e164),
        verifiable_addresses: [{ value: spell(last), via: 'sms', verified: true, status: 'completed' }],
      }
      expect((await byCode.call('POST', '/admin/identities', { json })).status).toBe(201)
      expect(await addressOf(byCode, e164)).toEqual([{ value: e164, via: 'sms', verified: true }])
      const json2 = { schema_id: 'person', traits: traitsWith(spell(last)) }
      expect((await byCode.call('POST', '/admin/identities', { json: json2 })).status).toBe(409)
    })
  })

  test('are found by how they begin', async () => {
    const { e164, last } = freshNumber()
    await byCode.call('POST', '/admin/identities', { json: { schema_id: 'person', traits: traitsWith(e164) } })
    const start = encodeURIComponent(`+49 (151) 2620${last.slice(0, 3)}`)
    const { body } = await byCode.call('GET', `/admin/identities?preview_credentials_identifier_similar=${start}`)
    expect(body.map((one: { traits: { contact: object } }) => one.traits.contact)).toContainEqual({ phone: e164 })
  })

  test('are verified with codes where links are sent to email addresses', async () => {
    const project = await linked()
    const { e164, last } = freshNumber()
    const person = new Person(project, 'api')
    const { status, body } = await person.run('registration', {
      method: 'password',
      traits: traitsWith(`+49 151 2620${last}`),
      password,
    })
    expect(status).toBe(200)
    const [{ flow }] = body.continue_with.filter(({ action }: { action: string }) => action === 'show_verification_ui')
    const code = await codeFor(project.ctx, e164)
    const answer = await person.submit('verification', flow, { method: 'code', code })
    expect([answer.status, answer.body.state]).toEqual([200, 'passed_challenge'])
    const typed = await person.run('verification', { method: 'link', email: e164 })
    expect([typed.status, messageIds(typed.body)]).toEqual([400, [4000040]])
  })

  function linked() {
    return project(({ selfservice, ...identity }) => {
      const { methods, flows } = selfservice
      const link = { ...methods.link, enabled: true }
      const verification = { ...flows.verification, use: 'link' as const }
      return {
        ...identity,
        selfservice: { ...selfservice, methods: { ...methods, link }, flows: { ...flows, verification } },
      }
    })
  }

  test.each(['call +49 151 26204550', '+49 151', '0151 26204550', '+49 151 26204550\u0000ann'])(
    'that are none are refused in every flow: %j',
    async (typed) => {
      const person = new Person(byPassword, 'api')
      const signUp = await person.run('registration', { method: 'password', traits: traitsWith(typed), password })
      expect([signUp.status, messageIds(signUp.body)]).toEqual([400, [4000041]])
      const byCodes = await new Person(byCode, 'api').run('registration', { method: 'code', traits: traitsWith(typed) })
      expect([byCodes.status, messageIds(byCodes.body)]).toEqual([
        400,
        [4000041, 4000041].slice(0, messageIds(byCodes.body).length),
      ])
      for (const name of ['recovery', 'verification'] as const) {
        const answer = await person.run(name, { method: 'code', email: typed })
        expect([name, answer.status, messageIds(answer.body)]).toEqual([name, 400, [4000040]])
      }
      const { status } = await byPassword.call('POST', '/admin/identities', {
        json: { schema_id: 'person', traits: traitsWith(typed) },
      })
      expect(status).toBe(400)
    },
  )

  test.each(['"a b"@harbour.example', 'ada@harbour.example.', 'ada\uFE6Bpier@harbour.example'])(
    'email addresses to which nothing can be sent are refused in every flow: %s',
    async (typed) => {
      const person = new Person(byPassword, 'api')
      const signUp = await person.run('registration', { method: 'password', traits: { email: typed }, password })
      expect([signUp.status, messageIds(signUp.body)]).toEqual([400, [4000040]])
      for (const name of ['recovery', 'verification'] as const) {
        const answer = await person.run(name, { method: 'code', email: typed })
        expect([name, answer.status, messageIds(answer.body)]).toEqual([name, 400, [4000040]])
      }
      const login = await new Person(byCode, 'api').run('login', { method: 'code', identifier: typed })
      expect([login.status, messageIds(login.body)]).toEqual([400, [4000035]])
      await person.run('registration', { method: 'password', traits: { email: freshEmail() }, password })
      const settings = await person.run('settings', { method: 'profile', traits: { email: typed } })
      // The form also tells that a passkey would have no name.
      expect([settings.status, messageIds(settings.body)]).toEqual([400, [4000009, 4000040]])
    },
  )
})
