import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import type { Authenticator, Behaviour } from '../../../test/authenticator.ts'
import {
  addPasskey,
  authenticator,
  keyProject,
  optionsOf,
  signInWithPasskey,
  signUpWithPasskey,
} from '../../../test/key-projects.ts'
import { freshEmail, identitiesWith, messageIds, openFlows, Person, signedUp } from '../../../test/people.ts'

describe.each(dsns)('answers of authenticators that are refused, on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  let strict: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await keyProject(app, { keys: false })
    const selection = { user_verification: 'required', resident_key: 'required' }
    strict = await keyProject(app, { keys: false, passkey: { authenticator_selection: selection } })
  })
  afterAll(() => app.close())

  async function member(at = project, device = authenticator()) {
    const email = freshEmail('pia')
    expect((await signUpWithPasskey(new Person(at), email, device)).status).toBe(200)
    return { email, device }
  }

  /** Signs in with an answer that `answerOf` makes of the options. */
  async function tried(answerOf: (options: ReturnType<typeof optionsOf>) => string, at = project) {
    const person = new Person(at)
    const flow = await person.begin('login')
    const answer = await person.submit('login', flow, { passkey_login: answerOf(optionsOf(flow, 'passkey_challenge')) })
    return { answer, person, flow }
  }

  const ids = async (answerOf: (options: ReturnType<typeof optionsOf>) => string, at = project) => {
    const { answer, person } = await tried(answerOf, at)
    expect(await person.whoami()).toBeUndefined()
    return [answer.status, messageIds(answer.body)]
  }

  const wrong = [400, [4000008]]

  describe('at sign-in', () => {
    test.each<[string, Partial<Behaviour>]>([
      ['another origin', { origin: 'https://evil.example' }],
      ['a subdomain that is not listed', { origin: 'https://pier.harbour.example' }],
      ['the origin without encryption', { origin: 'http://harbour.example' }],
      ['another relying party', { rpId: 'evil.example' }],
      ['another type of ceremony', { clientData: { type: 'webauthn.create' } }],
      ['another challenge', { clientData: { challenge: Buffer.alloc(32).toString('base64url') } }],
      ['no person present', { isPresent: false }],
      ['a key that suddenly can be synchronized', { isSynchronized: true }],
      ['a counter that stands still', { step: 0 }],
      ['a counter that goes back', { step: -1 }],
    ])('of %s', async (_what, change) => {
      const { device } = await member()
      await tried((options) => device.get(options, { step: 3 }))
      expect(await ids((options) => device.get(options, change))).toEqual(wrong)
      const { answer } = await tried((options) => device.get(options, { step: 9 }))
      expect(answer.status).toBe(200)
    })

    test('in a frame of another origin', async () => {
      const { device } = await member()
      const change = { clientData: { crossOrigin: true, topOrigin: 'https://evil.example' } }
      expect(await ids((options) => device.get(options, change))).toEqual(wrong)
    })

    test('without the verification that is required', async () => {
      const { device } = await member(strict)
      expect(await ids((options) => device.get(options, { verifies: false }), strict)).toEqual(wrong)
      expect((await signInWithPasskey(new Person(strict), device)).status).toBe(200)
    })

    test('with a signature of another key', async () => {
      const [{ device }, { device: other }] = [await member(), await member()]
      const own = JSON.parse(await signedFor(device))
      expect(
        await ids((options) => {
          const { response } = JSON.parse(other.get(options))
          return JSON.stringify({ ...own, response: { ...response, userHandle: own.response.userHandle } })
        }),
      ).toEqual(wrong)
    })

    test('with a key of one person and the user handle of another', async () => {
      const [{ device }, { device: other }] = [await member(), await member()]
      const userHandle = other.keys[0]?.userHandle ?? null
      expect(await ids((options) => device.get(options, { userHandle }))).toEqual(wrong)
    })

    test.each([
      ['no user handle', null],
      ['a handle that nobody has', Buffer.from('nobody')],
    ])('with %s', async (_what, userHandle) => {
      const { device } = await member()
      expect(await ids((options) => device.get(options, { userHandle }))).toEqual([400, [4000015]])
    })

    test('that were given in another flow, or before', async () => {
      const { device } = await member()
      const { flow } = await tried(() => '{}')
      const sent = device.get(optionsOf(flow, 'passkey_challenge'))
      expect(await ids(() => sent)).toEqual(wrong)
      const person = new Person(project)
      const own = await person.begin('login')
      const answer = device.get(optionsOf(own, 'passkey_challenge'))
      expect((await person.submit('login', own, { passkey_login: answer })).status).toBe(200)
      expect(await ids(() => answer)).toEqual(wrong)
    })

    test('that were given in the same flow of an app before', async () => {
      const { device } = await member(project, authenticator({ step: 0, isSynchronized: true }))
      const person = new Person(project, 'api')
      const flow = await person.begin('login')
      const answer = device.get(optionsOf(flow, 'passkey_challenge'))
      expect((await person.submit('login', flow, { passkey_login: answer })).status).toBe(200)
      const again = await new Person(project, 'api').submit('login', flow, { passkey_login: answer })
      expect([again.status, again.body.session_token]).toEqual([400, undefined])
    })

    test('that are sent several times at once, but one', async () => {
      const { device } = await member(project, authenticator({ step: 0, isSynchronized: true }))
      const flow = await new Person(project, 'api').begin('login')
      const answer = device.get(optionsOf(flow, 'passkey_challenge'))
      const sent = await Promise.all(
        [1, 2, 3, 4, 5].map(() => new Person(project, 'api').submit('login', flow, { passkey_login: answer })),
      )
      expect(sent.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400])
    })

    test('after the flow has expired', async () => {
      const { device } = await member()
      const person = new Person(project)
      const flow = await person.begin('login')
      const answer = device.get(optionsOf(flow, 'passkey_challenge'))
      app.clock.advance(61 * 60_000)
      const { status, body } = await person.submit('login', flow, { passkey_login: answer })
      expect([status, body.error.id]).toEqual([410, 'self_service_flow_expired'])
    })

    test('of an account that is switched off', async () => {
      const { device, email } = await member()
      const [{ id }] = await identitiesWith(project, email).then(async (found) =>
        found.length > 0 ? found : (await project.call('GET', '/admin/identities')).body.filter(hasEmail(email)),
      )
      const json = [{ op: 'replace', path: '/state', value: 'inactive' }]
      expect((await project.call('PATCH', `/admin/identities/${id}`, { json })).status).toBe(200)
      expect((await signInWithPasskey(new Person(project), device)).status).toBe(401)
    })

    test('without the anti-CSRF token', async () => {
      const { device } = await member()
      const person = new Person(project)
      const flow = await person.begin('login')
      const answer = device.get(optionsOf(flow, 'passkey_challenge'))
      expect((await person.submit('login', flow, { passkey_login: answer, csrf_token: '' })).status).toBe(403)
    })
  })

  describe('at sign-up', () => {
    const refusedSignUp = async (change: Partial<Behaviour>, at = project, device = authenticator()) => {
      const email = freshEmail('eve')
      const person = new Person(at)
      const flow = await person.begin('registration')
      const answer = device.create(optionsOf(flow, 'passkey_create_data'), change)
      const sent = await person.submit('registration', flow, { traits: { email }, passkey_register: answer })
      expect(await identitiesWith(at, email)).toEqual([])
      return [sent.status, messageIds(sent.body)]
    }

    test.each<[string, Partial<Behaviour>]>([
      ['another origin', { origin: 'https://evil.example' }],
      ['another relying party', { rpId: 'evil.example' }],
      ['another challenge', { clientData: { challenge: 'AAAA' } }],
      ['another type of ceremony', { clientData: { type: 'webauthn.get' } }],
      ['a frame of another origin', { clientData: { crossOrigin: true } }],
      ['no person present', { isPresent: false }],
    ])('of %s', async (_what, change) => {
      expect(await refusedSignUp(change)).toEqual([400, [4000001]])
    })

    test('without the verification that is required', async () => {
      expect(await refusedSignUp({ verifies: false }, strict)).toEqual([400, [4000001]])
    })

    test('of another flow', async () => {
      const device = authenticator()
      const other = optionsOf(await new Person(project).begin('registration'), 'passkey_create_data')
      const person = new Person(project)
      const flow = await person.begin('registration')
      const json = { traits: { email: freshEmail('eve') }, passkey_register: device.create(other) }
      expect(messageIds((await person.submit('registration', flow, json)).body)).toEqual([4000001])
    })

    test('with a key that somebody has already, and with the same answer again', async () => {
      const device = authenticator()
      const person = new Person(project, 'api')
      const flow = await person.begin('registration')
      const answer = device.create(optionsOf(flow, 'passkey_create_data'))
      const sign = (email: string) =>
        new Person(project, 'api').submit('registration', flow, { traits: { email }, passkey_register: answer })
      const sent = await Promise.all([sign(freshEmail('one')), sign(freshEmail('two')), sign(freshEmail('three'))])
      expect(sent.map(({ status }) => status).sort()).toEqual([200, 400, 400])
    })
  })

  describe('in the settings', () => {
    test('with a key of another identity, or twice', async () => {
      const { person } = await signedUp(project, 'browser')
      const flow = await person.begin('settings')
      const device = authenticator()
      const answer = device.create(optionsOf(flow, 'passkey_create_data'))
      expect((await person.submit('settings', flow, { passkey_settings_register: answer })).status).toBe(200)
      const again = await person.submit('settings', flow, { passkey_settings_register: answer })
      expect(again.status).toBe(400)
      const { person: other } = await signedUp(project, 'browser')
      const own = await other.begin('settings')
      const challenged = await addPasskey(other, stolen(device))
      expect([challenged.status, messageIds(challenged.body)]).toEqual([400, [4000007]])
      expect((await other.submit('settings', own, { passkey_remove: hexOf(device) })).status).toBe(400)
    })
  })

  describe('which cannot be read', () => {
    const good = async () => {
      const { device } = await member()
      return JSON.parse(await signedFor(device))
    }
    test.each<[string, (sent: Sent) => unknown]>([
      ['text', () => 'x'],
      ['an empty object', () => ({})],
      ['a list', () => []],
      ['another type', (sent) => ({ ...sent, type: 'password' })],
      ['an id that is not base64url', (sent) => ({ ...sent, id: 'a b', rawId: 'a b' })],
      ['two ids', (sent) => ({ ...sent, rawId: 'AAAA' })],
      ['no response', (sent) => ({ ...sent, response: null })],
      ['client data that are not base64', (sent) => within(sent, { clientDataJSON: '{}' })],
      ['client data that are not JSON', (sent) => within(sent, { clientDataJSON: 'AAAA' })],
      ['client data that are null', (sent) => within(sent, { clientDataJSON: base64('null') })],
      ['authenticator data of one byte', (sent) => within(sent, { authenticatorData: 'AA' })],
      ['no signature', (sent) => within(sent, { signature: '' })],
      ['a user handle that is a number', (sent) => within(sent, { userHandle: 7 })],
      ['16 KiB', (sent) => within(sent, { signature: 'A'.repeat(16_384) })],
      ['a thousand members', (sent) => ({ ...sent, ...Object.fromEntries(numbers(1000)) })],
      ['deep nesting', () => JSON.parse('['.repeat(50) + ']'.repeat(50))],
    ])('%s', async (_what, change) => {
      const sent = change(await good())
      const { answer } = await tried(() => (typeof sent === 'string' ? sent : JSON.stringify(sent)))
      expect(answer.status).toBe(400)
      expect(messageIds(answer.body).every((id) => [4000001, 4000008, 4000015].includes(id))).toBe(true)
    })

    test.each<[string, Buffer]>([
      ['nothing', Buffer.from('f6', 'hex')],
      ['a map of a billion entries', Buffer.from('ba3b9aca00', 'hex')],
      ['a byte string that is longer than the rest', Buffer.from('5affffffff', 'hex')],
      ['lists within lists', Buffer.alloc(11_000, 0x81)],
      ['maps within maps', Buffer.concat([Buffer.alloc(11_000, 0xa1)])],
      ['a list of many empty strings', Buffer.concat([Buffer.from('992af8', 'hex'), Buffer.alloc(11_000, 0x40)])],
      ['random bytes', Buffer.from('d9d9f7bf9f5f7fff', 'hex')],
    ])('an attestation object that is %s', async (_what, bytes) => {
      const person = new Person(project)
      const flow = await person.begin('registration')
      const sent = JSON.parse(authenticator().create(optionsOf(flow, 'passkey_create_data')))
      const answer = await person.submit('registration', flow, {
        traits: { email: freshEmail('eve') },
        passkey_register: JSON.stringify(within(sent, { attestationObject: bytes.toString('base64url') })),
      })
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000001]])
    })
  })

  async function signedFor(device: Authenticator): Promise<string> {
    return device.get(optionsOf(await new Person(project).begin('login'), 'passkey_challenge'))
  }
})

interface Sent {
  response: Record<string, unknown>
}

const within = (sent: Sent, change: Record<string, unknown>) => ({ ...sent, response: { ...sent.response, ...change } })
const base64 = (text: string) => Buffer.from(text).toString('base64url')
const numbers = (count: number) => Array.from({ length: count }, (_, i) => [`n${i}`, i] as const)
const hexOf = ({ keys }: Authenticator) => keys[0]?.id.toString('hex')
const hasEmail = (email: string) => (one: { traits: { email: string } }) => one.traits.email === email

/** An authenticator that makes the key of another one again. */
function stolen({ keys }: Authenticator): Authenticator {
  const [key] = keys
  if (!key) throw new Error('no key')
  return Object.assign(authenticator(), { fixedId: key.id })
}
