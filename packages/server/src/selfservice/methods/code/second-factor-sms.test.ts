import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, messageIds, openFlows, Person, password } from '../../../../test/people.ts'
import { createChannels } from '../../../courier/channels.ts'
import { deliverDue } from '../../../courier/deliver.ts'

const email = {
  type: 'string',
  format: 'email',
  'ory.sh/kratos': { credentials: { password: { identifier: true } } },
}
const code = (via: 'email' | 'sms') => ({ 'ory.sh/kratos': { credentials: { code: { identifier: true, via } } } })
const traits = {
  type: 'object',
  properties: {
    email,
    phone: { type: 'string', format: 'tel', ...code('sms') },
    backup: { type: 'string', format: 'email', ...code('email') },
  },
}
const schema = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: { traits } }

let count = 0
const freshPhone = () => `+491512622${String(10_000 + ++count).slice(1)}`

interface TextMessage {
  recipient: string
  body: string
  template_type: string
  template_data: Record<string, unknown>
}

/** A provider of text messages that keeps what it is asked to send. */
async function openProvider() {
  const sent: TextMessage[] = []
  let status = 202
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (status < 300) sent.push(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    sent,
    url: `http://127.0.0.1:${port}/messages`,
    answerWith: (next: number) => {
      status = next
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

describe.each(dsns)('a code by text message as the second factor, on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  let provider: Awaited<ReturnType<typeof openProvider>>
  const channels = createChannels()
  beforeAll(async () => {
    app = await openFlows(dsn)
    provider = await openProvider()
    const requestConfig = { url: provider.url, method: 'POST', headers: {} }
    project = await app.project(({ selfservice, session, courier, serve, ...identity }) => {
      const { methods } = selfservice
      const factor = { ...methods.code, passwordless_enabled: false, mfa_enabled: true }
      return {
        ...identity,
        serve: { ...serve, public: { ...serve.public, base_url: 'https://accounts.harbour.example/' } },
        courier: { ...courier, channels: [{ id: 'sms', type: 'http' as const, request_config: requestConfig }] },
        session: { ...session, whoami: { ...session.whoami, required_aal: 'highest_available' as const } },
        selfservice: { ...selfservice, methods: { ...methods, code: factor } },
      }
    })
    const identitySchemas = project.ctx.config.identitySchemas.map((one) => ({ ...one, document: schema }))
    Object.assign(project.ctx, { config: { ...project.ctx.config, identitySchemas } })
  })
  afterAll(async () => {
    channels.close()
    await provider.close()
    await app.close()
  })

  async function halfSigned(more: Record<string, string> = {}, kind: 'api' | 'browser' = 'api') {
    const own = { email: freshEmail(), phone: freshPhone(), ...more }
    const signUp = { method: 'password', traits: own, password }
    expect((await new Person(project, 'api').run('registration', signUp)).status).toBe(200)
    const person = new Person(project, kind)
    await person.signIn(own.email)
    return { person, ...own }
  }

  /** What the provider was asked to send to a number. */
  async function textsTo(phone: string): Promise<TextMessage[]> {
    const { log } = project.ctx
    const context = (id: string) => (id === project.ctx.project.id ? project.ctx : undefined)
    await deliverDue({ database: app.database, context, clock: app.clock, log }, channels)
    return provider.sent.filter(({ recipient }) => recipient === phone)
  }
  const aal = async (person: Person) => {
    const { status, body } = await person.call('GET', '/sessions/whoami')
    return status === 200 ? body.authenticator_assurance_level : body.error.id
  }

  test.each(['api', 'browser'] as const)(
    'is sent to the only number, bound to the origin, and enough (%s)',
    async (kind) => {
      const { person, phone } = await halfSigned({}, kind)
      expect(await aal(person)).toBe('session_aal2_required')
      const flow = await person.begin('login', '?aal=aal2')
      expect([flow.state, flow.requested_aal, messageIds(flow)]).toEqual(['sent_email', 'aal2', [1010014]])
      const [text, ...more] = await textsTo(phone)
      expect([more, text?.template_type]).toEqual([[], 'login_code_valid'])
      const given = String(text?.template_data.login_code)
      expect(given).toMatch(/^\d{6}$/)
      // https://wicg.github.io/sms-one-time-codes/: the last line, so that browsers fill in the code at this host only.
      expect(text?.body.split('\n').at(-1)).toBe(`@accounts.harbour.example #${given}`)
      expect(text?.body.split('\n')[0]).toContain(given)
      const passed = await person.submit('login', flow, { method: 'code', code: given })
      expect(passed.status).toBe(200)
      expect(await aal(person)).toBe('aal2')
      const { body } = await person.call('GET', '/sessions/whoami')
      expect(body.authentication_methods).toMatchObject([
        { method: 'password', aal: 'aal1' },
        { method: 'code', aal: 'aal2' },
      ])
    },
  )

  test('is chosen where there are several addresses, and sent there only', async () => {
    const backup = freshEmail('backup')
    const { person, phone } = await halfSigned({ backup })
    const flow = await person.begin('login', '?aal=aal2')
    expect(flow.state).toBe('choose_method')
    const offered = flow.ui.nodes
      .filter(({ attributes }: { attributes: { name: string } }) => attributes.name === 'address')
      .map(({ attributes, meta }: { attributes: { value: string }; meta: { label: object } }) => [
        attributes.value,
        meta.label,
      ])
    expect(offered).toEqual([
      [phone, expect.objectContaining({ id: 1010023, context: { address: phone, channel: 'sms' } })],
      [backup, expect.objectContaining({ id: 1010023, context: { address: backup, channel: 'email' } })],
    ])
    expect(await textsTo(phone)).toEqual([])
    const sent = await person.submit('login', flow, { method: 'code', address: phone })
    expect([sent.status, sent.body.state]).toEqual([400, 'sent_email'])
    const [text] = await textsTo(phone)
    const passed = await person.submit('login', flow, { method: 'code', code: text?.template_data.login_code })
    expect([passed.status, await aal(person)]).toEqual([200, 'aal2'])
  })

  test('is sent for the channel that the request names', async () => {
    const { person, phone } = await halfSigned({ backup: freshEmail('backup') })
    expect((await person.begin('login', '?aal=aal2&via=sms')).state).toBe('sent_email')
    expect(await textsTo(phone)).toHaveLength(1)
    expect((await person.begin('login', '?aal=aal2&via=phone')).state).toBe('sent_email')
    expect(await textsTo(phone)).toHaveLength(2)
    expect((await person.begin('login', '?aal=aal2&via=fax')).error.code).toBe(400)
  })

  test('is found again however the number is written', async () => {
    const { person, phone } = await halfSigned({ backup: freshEmail('backup') })
    const flow = await person.begin('login', '?aal=aal2')
    const spelled = `${phone.slice(0, 3)} (${phone.slice(3, 6)}) ${phone.slice(6)}`
    expect((await person.submit('login', flow, { method: 'code', address: spelled })).body.state).toBe('sent_email')
    expect(await textsTo(phone)).toHaveLength(1)
  })

  test('another one replaces the first, which then signs nobody in', async () => {
    const { person, phone } = await halfSigned()
    const flow = await person.begin('login', '?aal=aal2')
    const first = (await textsTo(phone)).at(-1)?.template_data.login_code
    await person.submit('login', flow, { method: 'code', address: phone, resend: 'code' })
    const second = (await textsTo(phone)).at(-1)?.template_data.login_code
    expect(await textsTo(phone)).toHaveLength(2)
    if (first !== second) {
      const wrong = await person.submit('login', flow, { method: 'code', code: first })
      expect([wrong.status, messageIds(wrong.body), await aal(person)]).toEqual([
        400,
        [4010008],
        'session_aal2_required',
      ])
    }
    await person.submit('login', flow, { method: 'code', code: second })
    expect(await aal(person)).toBe('aal2')
  })

  test('goes to no number of somebody else', async () => {
    const [one, other] = [await halfSigned(), await halfSigned()]
    const flow = await one.person.begin('login', '?aal=aal2')
    const answer = await one.person.submit('login', flow, { method: 'code', address: other.phone, resend: 'code' })
    expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000035]])
    expect(await textsTo(other.phone)).toEqual([])
  })

  test('does not reset the password, nor sign in alone', async () => {
    const { phone } = await halfSigned()
    const person = new Person(project, 'api')
    const answer = await person.run('login', { method: 'code', identifier: phone })
    expect([answer.status, await textsTo(phone)]).toEqual([400, []])
  })

  test('runs out with its lifespan', async () => {
    const { person, phone } = await halfSigned()
    const flow = await person.begin('login', '?aal=aal2')
    const [text] = await textsTo(phone)
    app.clock.advance(project.ctx.config.identity.selfservice.methods.code.config.lifespan)
    const answer = await person.submit('login', flow, { method: 'code', code: text?.template_data.login_code })
    expect(answer.status).toBe(410)
    expect(await aal(person)).toBe('session_aal2_required')
  })

  test('waits while the provider fails, and is delivered afterwards', async () => {
    const { person, phone } = await halfSigned()
    provider.answerWith(503)
    await person.begin('login', '?aal=aal2')
    expect(await textsTo(phone)).toEqual([])
    provider.answerWith(202)
    app.clock.advance(3_600_000)
    expect(await textsTo(phone)).toHaveLength(1)
  })
})
