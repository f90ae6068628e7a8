import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { addKey, authenticator, keyProject, nodeOf, nodesOf, optionsOf } from '../../../../test/key-projects.ts'
import { freshEmail, identitiesWith, messageIds, openFlows, Person, signedUp } from '../../../../test/people.ts'

describe.each(dsns)('security keys on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  let passwordless: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await keyProject(app)
    passwordless = await keyProject(app, { keys: { passwordless: true } })
  })
  afterAll(() => app.close())

  /** A person with a password and a key as the second factor. */
  async function withKey() {
    const { person, email } = await signedUp(project, 'browser')
    const device = authenticator()
    const added = await addKey(person, device)
    expect([added.status, added.body.state]).toEqual([200, 'success'])
    return { person, email, device }
  }

  async function secondStep(email: string) {
    const person = new Person(project)
    const answer = await person.signIn(email)
    expect(answer.status).toBe(422)
    return { person, flow: await person.begin('login', '?aal=aal2') }
  }

  const keysOf = async (email: string, at = project) => {
    const [{ id }] = await identitiesWith(at, email)
    const { body } = await at.call('GET', `/admin/identities/${id}?include_credential=webauthn`)
    return body.credentials.webauthn.config
  }

  describe('as a second factor', () => {
    test('are asked for once one is added, and complete the sign-in', async () => {
      const { email, device, person: first } = await withKey()
      expect((await first.call('GET', '/sessions/whoami')).body.authenticator_assurance_level).toBe('aal2')
      const { person, flow } = await secondStep(email)
      expect((await person.call('GET', '/sessions/whoami')).body.error.id).toBe('session_aal2_required')
      const trigger = nodeOf(flow, 'webauthn_login_trigger')
      expect(trigger.attributes).toMatchObject({ type: 'button', onclickTrigger: 'oryWebAuthnLogin' })
      expect(trigger.attributes.onclick).toBe(`window.oryWebAuthnLogin(${trigger.attributes.value})`)
      const webauthnLogin = device.get(optionsOf(flow, 'webauthn_login_trigger'))
      const answer = await person.submit('login', flow, { identifier: email, webauthn_login: webauthnLogin })
      expect([answer.status, answer.body.session.authenticator_assurance_level]).toEqual([200, 'aal2'])
      const { body } = await person.call('GET', '/sessions/whoami')
      expect(body.authentication_methods.map(({ method }: { method: string }) => method)).toEqual([
        'password',
        'webauthn',
      ])
    })

    test('are stored as Kratos stores them, with what the authenticator told', async () => {
      const { email } = await withKey()
      const { credentials, user_handle: handle } = await keysOf(email)
      const [{ id }] = await identitiesWith(project, email)
      expect(Buffer.from(handle, 'base64').toString('hex')).toBe(id.replaceAll('-', ''))
      expect(credentials).toEqual([
        {
          id: expect.stringMatching(/^[\w+/]+=*$/),
          public_key: expect.stringMatching(/^[\w+/]+=*$/),
          attestation_type: 'none',
          authenticator: { aaguid: Buffer.alloc(16).toString('base64'), sign_count: 0, clone_warning: false },
          display_name: 'Blue key',
          added_at: expect.stringMatching(/\.000Z$/),
          is_passwordless: false,
          flags: { user_present: true, user_verified: true, backup_eligible: false, backup_state: false },
          transport: ['hybrid', 'internal'],
        },
      ])
    })

    test('count their uses, and one whose counter does not increase is refused and marked', async () => {
      const { email, device } = await withKey()
      const use = async (step: number) => {
        const { person, flow } = await secondStep(email)
        const answer = device.get(optionsOf(flow, 'webauthn_login_trigger'), { step })
        return person.submit('login', flow, { identifier: email, webauthn_login: answer })
      }
      expect((await use(5)).status).toBe(200)
      expect((await keysOf(email)).credentials[0].authenticator).toMatchObject({ sign_count: 5, clone_warning: false })
      for (const step of [0, -2]) {
        const refused = await use(step)
        expect([refused.status, messageIds(refused.body)]).toEqual([400, [4000008]])
      }
      expect((await keysOf(email)).credentials[0].authenticator).toMatchObject({ sign_count: 5, clone_warning: true })
      expect((await use(7)).status).toBe(200)
    })

    test('are listed with their names, and removed', async () => {
      const { person, email } = await withKey()
      expect((await addKey(person, authenticator(), 'Red key')).status).toBe(200)
      const flow = await person.begin('settings')
      const [blue, red] = nodesOf(flow, 'webauthn_remove').sort((a: Named, b: Named) =>
        nameIn(a) < nameIn(b) ? -1 : 1,
      )
      expect([nameIn(blue), nameIn(red)]).toEqual(['Blue key', 'Red key'])
      const removed = await person.submit('settings', flow, { webauthn_remove: blue.attributes.value })
      expect(removed.status).toBe(200)
      expect(nodesOf(removed.body, 'webauthn_remove').map(nameIn)).toEqual(['Red key'])
      const last = await person.submit('settings', await person.begin('settings'), {
        webauthn_remove: red.attributes.value,
      })
      expect(nodesOf(last.body, 'webauthn_remove')).toEqual([])
      expect((await new Person(project).signIn(email)).status).toBe(200)
      expect((await keysOf(email)).credentials ?? []).toEqual([])
    })

    test('are not registered twice: their authenticator is told of those that are there', async () => {
      const { person, device } = await withKey()
      await expect(addKey(person, device)).rejects.toThrow('InvalidStateError')
    })

    test('need a name of at most 255 characters', async () => {
      const { person } = await signedUp(project, 'browser')
      for (const [name, message] of [
        ['', 4000002],
        ['x'.repeat(256), 4000017],
      ] as const) {
        const answer = await addKey(person, authenticator(), name)
        expect([answer.status, messageIds(answer.body)]).toEqual([400, [message]])
      }
    })

    test('are neither added nor removed without a recent sign-in', async () => {
      const { person, email } = await withKey()
      const flow = await person.begin('settings')
      app.clock.advance(16 * 60_000)
      const hex = nodeOf(flow, 'webauthn_remove').attributes.value
      const removal = await person.submit('settings', flow, { webauthn_remove: hex })
      expect([removal.status, removal.body.error.id]).toEqual([403, 'session_refresh_required'])
      const addition = await addKey(person, authenticator())
      expect(addition.body.error.id).toBe('session_refresh_required')
      expect((await keysOf(email)).credentials).toHaveLength(1)
    })

    test('renew the time of the sign-in when one is added', async () => {
      const { person } = await signedUp(project, 'browser')
      const before = (await person.call('GET', '/sessions/whoami')).body.authenticated_at
      app.clock.advance(60_000)
      await addKey(person, authenticator())
      const { body } = await person.call('GET', '/sessions/whoami')
      expect(Date.parse(body.authenticated_at) - Date.parse(before)).toBe(60_000)
    })

    test('are not there for apps, and not asked for of people without one', async () => {
      const { person } = await signedUp(project, 'api')
      const flow = await person.begin('settings')
      expect(flow.ui.nodes.some(({ group }: { group: string }) => group === 'webauthn')).toBe(false)
      const answer = await person.submit('settings', flow, { method: 'webauthn', webauthn_register: '{}' })
      expect(messageIds(answer.body)).toEqual([4010004])
      const { person: browser } = await signedUp(project, 'browser')
      const second = await browser.begin('login', '?aal=aal2')
      expect(nodeOf(second, 'webauthn_login_trigger')).toBeUndefined()
      const refused = await browser.submit('login', second, { method: 'webauthn', identifier: 'x' })
      expect(messageIds(refused.body)).toEqual([4000013])
    })

    test('of an administrator’s deletion are gone', async () => {
      const { email } = await withKey()
      const [{ id }] = await identitiesWith(project, email)
      expect((await project.call('DELETE', `/admin/identities/${id}/credentials/webauthn`)).status).toBe(204)
      expect((await new Person(project).signIn(email)).status).toBe(200)
    })
  })

  describe('as a first factor', () => {
    async function signUp(name = 'Blue key') {
      const person = new Person(passwordless)
      const email = freshEmail('kit')
      const device = authenticator()
      const flow = await person.begin('registration')
      const answer = await person.submit('registration', flow, {
        traits: { email },
        webauthn_register: device.create(optionsOf(flow, 'webauthn_register_trigger')),
        webauthn_register_displayname: name,
      })
      expect(answer.status).toBe(200)
      return { person, email, device }
    }

    /** The form that asks for the key of this address. */
    async function asked(email: string) {
      const person = new Person(passwordless)
      const { id } = await person.begin('login')
      const flow = { id, ...(await person.call('GET', `/self-service/login/flows?id=${id}`)).body }
      const answer = await person.submit('login', flow, { method: 'webauthn', identifier: email })
      expect([answer.status, answer.body.error.id]).toEqual([422, 'browser_location_change_required'])
      return { person, flow: (await person.call('GET', `/self-service/login/flows?id=${id}`)).body }
    }

    test('sign up and in', async () => {
      const { email, device, person: first } = await signUp()
      expect(await first.whoami()).toBe(email)
      const { person, flow } = await asked(email)
      expect(messageIds(flow)).toEqual([1010012])
      const answer = await person.submit('login', flow, {
        identifier: email,
        webauthn_login: device.get(optionsOf(flow, 'webauthn_login_trigger')),
      })
      expect([answer.status, answer.body.session.authenticator_assurance_level]).toEqual([200, 'aal1'])
      expect(answer.body.session.authentication_methods[0]).toMatchObject({ method: 'webauthn', aal: 'aal1' })
    })

    test('have the name of their authenticator unless their owner gives one', async () => {
      const person = new Person(passwordless)
      const email = freshEmail('kit')
      const flow = await person.begin('registration')
      const device = authenticator({ aaguid: 'bada5566-a7aa-401f-bd96-45619a55120d' })
      const answer = device.create(optionsOf(flow, 'webauthn_register_trigger'))
      await person.submit('registration', flow, { traits: { email }, webauthn_register: answer })
      expect((await keysOf(email, passwordless)).credentials[0].display_name).toBe('1Password')
    })

    test('are asked for only of accounts that have one', async () => {
      const { email } = await signedUp(passwordless, 'browser')
      for (const identifier of [email, freshEmail('nobody')]) {
        const person = new Person(passwordless)
        const answer = await person.submit('login', await person.begin('login'), { method: 'webauthn', identifier })
        expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000015]])
      }
    })

    test('cannot be removed if nothing else signs in', async () => {
      const { person } = await signUp()
      const flow = await person.begin('settings')
      const { attributes } = nodeOf(flow, 'webauthn_remove')
      expect(attributes.disabled).toBe(true)
      const answer = await person.submit('settings', flow, { webauthn_remove: attributes.value })
      expect(answer.status).toBe(400)
      expect(nodeOf(answer.body, 'webauthn_remove').messages.map(({ id }: { id: number }) => id)).toEqual([4000001])
    })

    test('sign in again, which makes the session recent', async () => {
      const { person, device, email } = await signUp()
      app.clock.advance(20 * 60_000)
      const flow = await person.begin('login', '?refresh=true')
      const answer = await person.submit('login', flow, {
        identifier: email,
        webauthn_login: device.get(optionsOf(flow, 'webauthn_login_trigger')),
      })
      expect(answer.status).toBe(200)
      expect((await addKey(person, authenticator(), 'Red key')).status).toBe(200)
    })

    test('of one account do not sign in another', async () => {
      const [one, other] = [await signUp(), await signUp()]
      const { person, flow } = await asked(one.email)
      const [key] = other.device.keys
      if (!key) throw new Error('no key')
      const { challenge } = optionsOf(flow, 'webauthn_login_trigger').publicKey
      for (const identifier of [one.email, other.email]) {
        const webauthnLogin = other.device.assert(key, challenge)
        const answer = await person.submit('login', flow, { identifier, webauthn_login: webauthnLogin })
        expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000008]])
      }
      expect(await person.whoami()).toBeUndefined()
    })

    test('that were a second factor before the configuration changed still are one', async () => {
      const { email } = await signUp()
      const [{ id }] = await identitiesWith(passwordless, email)
      const [key] = (await keysOf(email, passwordless)).credentials
      const patch = [
        {
          op: 'replace',
          path: '/credentials/webauthn/config/credentials',
          value: [{ ...key, is_passwordless: false }],
        },
      ]
      expect((await passwordless.call('PATCH', `/admin/identities/${id}`, { json: patch })).status).toBe(200)
      const person = new Person(passwordless)
      const answer = await person.submit('login', await person.begin('login'), {
        method: 'webauthn',
        identifier: email,
      })
      expect(messageIds(answer.body)).toEqual([4000015])
    })
  })
})

interface Named {
  meta: { label: { context: { display_name: string } } }
}
const nameIn = ({ meta }: Named) => meta.label.context.display_name
