import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import type { Authenticator } from '../../../../test/authenticator.ts'
import {
  addPasskey,
  authenticator,
  keyProject,
  nodeOf,
  nodesOf,
  optionsOf,
  signInWithPasskey,
  signUpWithPasskey,
} from '../../../../test/key-projects.ts'
import { freshEmail, identitiesWith, messageIds, openFlows, Person, signedUp } from '../../../../test/people.ts'

describe.each(dsns)('passkeys on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await keyProject(app)
  })
  afterAll(() => app.close())

  /** Somebody who has signed up with a passkey. */
  async function member(device = authenticator({ step: 0, isSynchronized: true }), at = project) {
    const person = new Person(at)
    const email = freshEmail('pia')
    const answer = await signUpWithPasskey(person, email, device)
    expect(answer.status).toBe(200)
    return { person, email, device }
  }

  const credentialOf = async (email: string, at = project) => {
    const [{ id }] = await identitiesWith(at, email)
    const { body } = await at.call('GET', `/admin/identities/${id}?include_credential=passkey`)
    return { id, ...body.credentials.passkey }
  }

  const whose = async (device: Authenticator, kind: 'api' | 'browser' = 'browser', at = project) => {
    const person = new Person(at, kind)
    const answer = await signInWithPasskey(person, device)
    return { answer, email: await person.whoami() }
  }

  test.each(['browser', 'api'] as const)('sign up and in (%s)', async (kind) => {
    const person = new Person(project, kind)
    const email = freshEmail('pia')
    const device = authenticator({ step: 0, isSynchronized: true })
    expect((await signUpWithPasskey(person, email, device)).status).toBe(200)
    expect(await person.whoami()).toBe(email)
    const { answer, email: found } = await whose(device, kind)
    expect([answer.status, found]).toEqual([200, email])
    const { session } = answer.body
    expect(session.authentication_methods).toEqual([
      { method: 'passkey', aal: 'aal1', completed_at: expect.any(String) },
    ])
  })

  test.each(['ES256', 'EdDSA', 'RS256'] as const)('have keys of the algorithm %s', async (algorithm) => {
    const { device, email } = await member(authenticator({ algorithm }))
    expect((await whose(device)).email).toBe(email)
  })

  test.each(['none', 'self', 'certificate'] as const)('have the attestation %s', async (attestation) => {
    const { device, email } = await member(authenticator({ attestation }))
    expect((await whose(device)).email).toBe(email)
    const { config } = await credentialOf(email)
    expect(config.credentials[0].attestation_type).toBe(attestation === 'none' ? 'none' : 'packed')
  })

  test('are stored as Kratos stores them, under a user handle that tells nothing', async () => {
    const { email, device } = await member()
    const { identifiers, config, version } = await credentialOf(email)
    expect(identifiers).toEqual([expect.stringMatching(/^[A-Za-z0-9]{64}$/)])
    expect(version).toBe(1)
    expect(Buffer.from(config.user_handle, 'base64').toString()).toBe(identifiers[0])
    expect(device.keys[0]?.userHandle.toString()).toBe(identifiers[0])
    expect(config.credentials[0]).toMatchObject({
      is_passwordless: true,
      flags: { user_verified: true, backup_eligible: true, backup_state: true },
    })
  })

  test('keep the attestation for administrators if it was asked for', async () => {
    const asking = await keyProject(app, { passkey: { attestation: { preference: 'direct' } } })
    const device = authenticator({ attestation: 'certificate' })
    const { email } = await member(device, asking)
    const { config } = await credentialOf(email, asking)
    expect(Object.keys(config.credentials[0].attestation).sort()).toEqual(['client_dataJSON', 'object'])
  })

  test('are asked for as configured', async () => {
    const strict = await keyProject(app, {
      passkey: {
        attestation: { preference: 'enterprise' },
        authenticator_selection: {
          attachment: 'cross-platform',
          user_verification: 'required',
          resident_key: 'preferred',
        },
        timeouts: { registration: 60_000, login: 30_000 },
      },
    })
    const person = new Person(strict)
    const { publicKey } = optionsOf(await person.begin('registration'), 'passkey_create_data')
    expect(publicKey).toMatchObject({
      attestation: 'enterprise',
      timeout: 60_000,
      authenticatorSelection: {
        authenticatorAttachment: 'cross-platform',
        userVerification: 'required',
        residentKey: 'preferred',
        requireResidentKey: false,
      },
    })
    const request = optionsOf(await person.begin('login'), 'passkey_challenge').publicKey
    expect(request).toMatchObject({ timeout: 30_000, userVerification: 'required', rpId: 'harbour.example' })
    const usual = { requireResidentKey: true, residentKey: 'required', userVerification: 'preferred' }
    const selectionIn = async (at: TestProject) =>
      optionsOf(await new Person(at).begin('registration'), 'passkey_create_data').publicKey.authenticatorSelection
    // As Kratos 26.2 asks, which has no such key.
    expect(await selectionIn(project)).toEqual({ ...usual, authenticatorAttachment: 'platform' })
    const selection = { user_verification: 'preferred', resident_key: 'required' } as const
    const current = await keyProject(app, { passkey: { authenticator_selection: selection } })
    expect(await selectionIn(current)).toEqual(usual)
  })

  test('are suggested in the field of the identifier, with the script that does it', async () => {
    const flow = await new Person(project).begin('login')
    expect(nodeOf(flow, 'identifier').attributes.autocomplete).toBe('username webauthn')
    expect(nodeOf(flow, 'passkey_login').attributes).toMatchObject({
      onloadTrigger: 'oryPasskeyLoginAutocompleteInit',
      onload: 'window.oryPasskeyLoginAutocompleteInit()',
    })
    const { src, integrity } = nodeOf(flow, 'webauthn_script').attributes
    const { createHash } = await import('node:crypto')
    const served = await project.call('GET', new URL(src).pathname, { token: null })
    expect([served.status, served.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
    expect(`sha512-${createHash('sha512').update(served.body).digest('base64')}`).toBe(integrity)
  })

  test('of every flow have a challenge of their own', async () => {
    const flows = await Promise.all([1, 2].map(() => new Person(project).begin('login')))
    const challenges = flows.map((flow) => optionsOf(flow, 'passkey_challenge').publicKey.challenge)
    expect(new Set(challenges).size).toBe(2)
  })

  test('are added and removed in the settings, under one handle', async () => {
    const { person, email } = await signedUp(project, 'browser')
    const [first, second] = [authenticator({ aaguid: 'd548826e-79b4-db40-a3d8-11116f7e8349' }), authenticator()]
    expect((await addPasskey(person, first)).body.state).toBe('success')
    const added = await addPasskey(person, second)
    expect(first.keys[0]?.userHandle).toEqual(second.keys[0]?.userHandle)
    const named = nodesOf(added.body, 'passkey_remove')
    // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
    const names = named.map(({ meta }: any) => meta.label.context.display_name).sort()
    expect(names).toEqual(['Bitwarden', 'unnamed'])
    expect((await whose(first)).email).toBe(email)
    const hex = first.keys[0]?.id.toString('hex')
    const removed = await person.submit('settings', await person.begin('settings'), { passkey_remove: hex })
    expect(removed.status).toBe(200)
    expect(messageIds((await whose(first)).answer.body)).toEqual([4000008])
    expect((await whose(second)).email).toBe(email)
  })

  test('cannot be removed if nothing else signs in, and are not removed twice', async () => {
    const { person, device } = await member()
    const flow = await person.begin('settings')
    const { attributes } = nodeOf(flow, 'passkey_remove')
    expect(attributes.disabled).toBe(true)
    const answer = await person.submit('settings', flow, { passkey_remove: attributes.value })
    expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000001]])
    expect((await whose(device)).answer.status).toBe(200)
    const unknown = await person.submit('settings', await person.begin('settings'), { passkey_remove: 'abcd' })
    expect(messageIds(unknown.body)).toEqual([4000001])
  })

  test('sign in again, only with a passkey of the same person', async () => {
    const { person, device } = await member()
    app.clock.advance(20 * 60_000)
    const flow = await person.begin('login', '?refresh=true')
    const options = optionsOf(flow, 'passkey_challenge')
    expect(options.publicKey.allowCredentials).toHaveLength(1)
    const { device: other } = await member()
    const [foreign] = other.keys
    if (!foreign) throw new Error('no passkey')
    const refused = await person.submit('login', flow, {
      passkey_login: other.assert(foreign, options.publicKey.challenge),
    })
    expect(messageIds(refused.body)).toContain(4000008)
    const answer = await person.submit('login', flow, { passkey_login: device.get(options) })
    expect(answer.status).toBe(200)
    expect((await addPasskey(person, authenticator())).status).toBe(200)
  })

  test('of security keys that sign up without a password work as well', async () => {
    const both = await keyProject(app, { keys: { passwordless: true } })
    const person = new Person(both)
    const email = freshEmail('kit')
    const device = authenticator()
    const flow = await person.begin('registration')
    const answer = device.create(optionsOf(flow, 'webauthn_register_trigger'))
    expect((await person.submit('registration', flow, { traits: { email }, webauthn_register: answer })).status).toBe(
      200,
    )
    expect((await whose(device, 'browser', both)).email).toBe(email)
  })

  test('are offered in the first step where the identifier is asked for first, and in the second if there are some', async () => {
    const first = await keyProject(app, { style: 'identifier_first', keys: false })
    const { email, device } = await member(authenticator(), first)
    const person = new Person(first)
    const flow = await person.begin('login')
    expect(nodeOf(flow, 'passkey_challenge')).toBeDefined()
    expect(nodeOf(flow, 'identifier').attributes.autocomplete).toBe('username webauthn')
    expect(nodeOf(flow, 'passkey_login_trigger')).toBeUndefined()
    const { body: second } = await person.submit('login', flow, { method: 'identifier_first', identifier: email })
    expect(nodeOf(second, 'passkey_login_trigger')).toBeDefined()
    const answer = await person.submit('login', flow, {
      passkey_login: device.get(optionsOf(second, 'passkey_challenge')),
    })
    expect(answer.status).toBe(200)
  })

  describe('for administrators', () => {
    test('can be imported, and sign in then', async () => {
      const { email, device } = await member()
      const { config, id } = await credentialOf(email)
      expect((await project.call('DELETE', `/admin/identities/${id}`)).status).toBe(204)
      const json = { schema_id: 'person', traits: { email }, credentials: { passkey: { config } } }
      expect((await project.call('POST', '/admin/identities', { json })).status).toBe(201)
      expect((await whose(device)).email).toBe(email)
    })

    test.each([
      ['no keys', { credentials: [], user_handle: 'YWJj' }],
      ['no handle', { credentials: [{ id: 'YWJj', public_key: 'pQECAyYgASFYIA' }] }],
      ['a key that is no COSE key', { credentials: [{ id: 'YWJj', public_key: 'YWJj' }], user_handle: 'YWJj' }],
      ['an id that is not base64', { credentials: [{ id: '?', public_key: 'YWJj' }], user_handle: 'YWJj' }],
      ['a handle of 65 bytes', { credentials: [], user_handle: Buffer.alloc(65).toString('base64') }],
    ])('are not imported with %s', async (_what, config) => {
      const json = { schema_id: 'person', traits: { email: freshEmail() }, credentials: { passkey: { config } } }
      expect((await project.call('POST', '/admin/identities', { json })).status).toBe(400)
    })

    test('belong to one identity', async () => {
      const { email } = await member()
      const { config } = await credentialOf(email)
      const handle = Buffer.from('another').toString('base64')
      const json = {
        schema_id: 'person',
        traits: { email: freshEmail() },
        credentials: { passkey: { config: { ...config, user_handle: handle } } },
      }
      expect((await project.call('POST', '/admin/identities', { json })).status).toBe(409)
    })

    test('can be deleted, all or one, but not the last way in', async () => {
      const { person, email, device } = await member()
      await addPasskey(person, authenticator())
      const { id } = await credentialOf(email)
      const path = `/admin/identities/${id}/credentials/passkey`
      expect((await project.call('DELETE', path)).status).toBe(400)
      const own = encodeURIComponent(device.keys[0]?.id.toString('base64') ?? '')
      expect((await project.call('DELETE', `${path}?identifier=${own}`)).status).toBe(204)
      expect((await project.call('DELETE', `${path}?identifier=${own}`)).status).toBe(400)
      expect(messageIds((await whose(device)).answer.body)).toEqual([4000008])
    })
  })
})
