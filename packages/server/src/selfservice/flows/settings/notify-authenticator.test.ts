import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { addPasskey, authenticator, keyProject } from '../../../../test/key-projects.ts'
import { codeFor, openFlows, type Person, signedUp } from '../../../../test/people.ts'
import { listMailbox } from '../../../courier/index.ts'

const hooks = [{ hook: 'notify_authenticator_added' as const }]

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
type Body = any

describe.each(dsns)('the notice of an added authenticator on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  let silent: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    silent = await keyProject(app)
    project = await keyProject(app)
    const { config } = project.ctx
    const { selfservice } = config.identity
    const { after } = selfservice.flows.settings
    const told = Object.fromEntries(['totp', 'lookup_secret', 'webauthn', 'passkey'].map((name) => [name, { hooks }]))
    const settings = { ...selfservice.flows.settings, after: { ...after, ...told } }
    const flows = { ...selfservice.flows, settings }
    const identity = { ...config.identity, selfservice: { ...selfservice, flows } }
    Object.assign(project.ctx, { config: { ...config, identity } })
  })
  afterAll(() => app.close())

  async function notices(at: TestProject, to?: string) {
    const rows = await at.ctx.db
      .selectFrom('courier_messages')
      .select(['recipient', 'template_type'])
      .where('template_type', '=', 'authenticator_key_added')
      .execute()
    return rows.filter(({ recipient }) => !to || recipient === to).length
  }
  async function verifiedMember(at = project) {
    const { person, email } = await signedUp(at, 'browser')
    const flow = await person.begin('verification')
    await person.submit('verification', flow, { method: 'code', email })
    await person.submit('verification', flow, { method: 'code', code: await codeFor(at.ctx, email) })
    return { person, email }
  }
  const settings = async (person: Person, fields: object) => {
    const flow = await person.begin('settings')
    return person.submit('settings', flow, fields)
  }
  async function addApp(person: Person) {
    const flow = await person.begin('settings')
    const node = flow.ui.nodes.find(({ attributes }: Body) => attributes.id === 'totp_secret_key')
    const totp = new TOTP({ secret: node.attributes.text.context.secret })
    const totpCode = totp.generate({ timestamp: app.clock.now() })
    return person.submit('settings', flow, { method: 'totp', totp_code: totpCode })
  }

  test('is sent for an authenticator app, and not when it is removed', async () => {
    const { person, email } = await verifiedMember()
    expect((await addApp(person)).status).toBe(200)
    expect(await notices(project, email)).toBe(1)
    const [mail] = await listMailbox(project.ctx, { to: email, limit: 1 })
    expect(mail?.text).toContain('authenticator app or list of backup codes was added')
    expect((await settings(person, { method: 'totp', totp_unlink: true })).status).toBe(200)
    expect(await notices(project, email)).toBe(1)
  })

  test('is sent for backup codes when they are stored, not while they are only shown', async () => {
    const { person, email } = await verifiedMember()
    const shown = await settings(person, { method: 'lookup_secret', lookup_secret_regenerate: true })
    expect([shown.status, await notices(project, email)]).toEqual([200, 0])
    const stored = await person.submit('settings', shown.body, { method: 'lookup_secret', lookup_secret_confirm: true })
    expect([stored.status, await notices(project, email)]).toEqual([200, 1])
  })

  test('is sent for each passkey', async () => {
    const { person, email } = await verifiedMember()
    for (const sent of [1, 2]) {
      await addPasskey(person, authenticator({ step: 0 }))
      expect(await notices(project, email)).toBe(sent)
    }
  })

  test('is sent to an address that is not verified if there is no other, a limited number of times', async () => {
    const { person, email } = await signedUp(project, 'browser')
    await addPasskey(person, authenticator({ step: 0 }))
    expect(await notices(project, email)).toBe(1)
    for (let i = 0; i < 6; i++) await addPasskey(person, authenticator({ step: 0 }))
    expect(await notices(project, email)).toBeLessThanOrEqual(5)
  })

  test('is not sent for other changes, for a wrong code, or where the hook is not configured', async () => {
    const { person, email } = await verifiedMember()
    expect((await settings(person, { method: 'password', password: 'another lantern here' })).status).toBe(200)
    expect((await settings(person, { method: 'totp', totp_code: '000000' })).status).toBe(400)
    expect(await notices(project, email)).toBe(0)
    const other = await verifiedMember(silent)
    expect((await addApp(other.person)).status).toBe(200)
    expect(await notices(silent)).toBe(0)
  })
})
