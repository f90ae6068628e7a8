import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, identitiesWith, messageIds, Person, password, signedUp } from '../../../../test/people.ts'
import { flowIn, freshSubject, openSocial } from '../../../../test/social.ts'

const codeOf = (timestamp: number, secret: string) => new TOTP({ secret }).generate({ timestamp })

describe.each(dsns)('an address of an account that exists on %s', (_, dsn) => {
  let social: Awaited<ReturnType<typeof openSocial>>
  let project: TestProject
  beforeAll(async () => {
    social = await openSocial(dsn)
    project = await social.projectWith()
  })
  afterAll(() => social.close())

  /** Sets up an authenticator app. Returns its secret. */
  async function enrolTotp(person: Person): Promise<string> {
    const flow = await person.begin('settings')
    // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
    const node = flow.ui.nodes.find(({ attributes }: any) => attributes.id === 'totp_secret_key')
    const { secret } = node.attributes.text.context
    const totpCode = codeOf(social.app.clock.now(), secret)
    expect((await person.submit('settings', flow, { method: 'totp', totp_code: totpCode })).status).toBe(200)
    return secret
  }

  /** Somebody with a password, and a stranger from the provider with the same address. */
  async function conflict(at = project, claims: object = {}) {
    const { email } = await signedUp(at, 'browser')
    const person = new Person(at)
    const answer = await social.signIn(person, { sub: freshSubject(), email, ...claims })
    return { email, person, answer, id: flowIn(answer) }
  }

  test('is linked once its owner has signed in', async () => {
    const { email, person, answer, id } = await conflict()
    expect(String(answer.headers.location)).toContain('no_org_ui=true')
    expect(await person.whoami()).toBeUndefined()
    const flow = await social.shown(person, 'login', id)
    expect(flow.ui.messages).toMatchObject([
      { id: 1010016, context: { duplicate_identifier: email, provider: 'Acme' } },
    ])
    const wrong = await person.submit('login', flow, {
      method: 'password',
      identifier: email,
      password: 'another one',
    })
    expect(wrong.status).toBe(400)
    const right = await person.submit('login', flow, { method: 'password', identifier: email, password })
    expect([right.status, await person.whoami()]).toEqual([200, email])
    const [identity] = await identitiesWith(project, email)
    expect(identity.credentials.oidc.identifiers).toHaveLength(1)
    const { body } = await person.call('GET', '/sessions/whoami')
    expect(body.authentication_methods.map(({ method }: { method: string }) => method)).toEqual(['password', 'oidc'])
  })

  test('is not linked to the account of somebody else', async () => {
    const { person, id, email } = await conflict()
    const { email: mallory } = await signedUp(project, 'browser')
    const flow = await social.shown(person, 'login', id)
    const answer = await person.submit('login', flow, { method: 'password', identifier: mallory, password })
    expect(messageIds(answer.body)).toEqual([4010009])
    expect(await person.whoami()).toBeUndefined()
    for (const one of [email, mallory]) expect((await identitiesWith(project, one))[0].credentials.oidc).toBeUndefined()
  })

  test.each([
    ['neither side is verified', false, false],
    ['only the provider has verified it', true, false],
    ['only the account has verified it', false, true],
    ['both sides have verified it', true, true],
  ])('with automatic linking, if %s', async (_name, byProvider, byAccount) => {
    const at = await social.projectWith({ account_linking_mode: 'automatic' })
    const { email } = await signedUp(at, 'browser')
    const [{ id, ...identity }] = await identitiesWith(at, email)
    if (byAccount) {
      const path = '/verifiable_addresses/0/verified'
      const changed = await at.call('PATCH', `/admin/identities/${id}`, {
        json: [{ op: 'replace', path, value: true }],
      })
      expect(changed.status).toBe(200)
    }
    const person = new Person(at)
    await social.signIn(person, { sub: freshSubject(), email, email_verified: byProvider })
    const isLinked = (await identitiesWith(at, email))[0].credentials.oidc !== undefined
    const isExpected = byProvider && byAccount
    expect([isLinked, await person.whoami()]).toEqual([isExpected, isExpected ? email : undefined])
    expect(identity.state).toBe('active')
  })

  test('can be linked while signing up is switched off, and no account is made', async () => {
    const open = await social.projectWith({})
    const closed = await social.projectWith({}, false)
    const stranger = new Person(closed)
    const answer = await social.signIn(stranger, { sub: freshSubject(), email: freshEmail() })
    expect((await social.shown(stranger, 'login', flowIn(answer))).ui.messages[0].id).toBe(4000001)
    const email = freshEmail()
    const created = await closed.call('POST', '/admin/identities', {
      json: { schema_id: 'person', traits: { email }, credentials: { password: { config: { password } } } },
    })
    expect([created.status, open.ctx.project.id === closed.ctx.project.id]).toEqual([201, false])
    const person = new Person(closed)
    const flow = await social.shown(
      person,
      'login',
      flowIn(await social.signIn(person, { sub: freshSubject(), email })),
    )
    expect(flow.ui.messages[0].id).toBe(1010016)
    await person.submit('login', flow, { method: 'password', identifier: email, password })
    expect((await identitiesWith(closed, email))[0].credentials.oidc.identifiers).toHaveLength(1)
  })

  test('is linked only after the second factor, if the account has one', async () => {
    const { email, person: owner } = await signedUp(project, 'browser')
    const secret = await enrolTotp(owner)
    const person = new Person(project)
    const answer = await social.signIn(person, { sub: freshSubject(), email })
    const flow = await social.shown(person, 'login', flowIn(answer))
    const first = await person.submit('login', flow, { method: 'password', identifier: email, password })
    expect(first.status).toBe(422)
    expect((await identitiesWith(project, email))[0].credentials.oidc).toBeUndefined()
    const id = new URL(first.body.redirect_browser_to).searchParams.get('flow') ?? ''
    const next = await social.shown(person, 'login', id)
    expect(next.requested_aal).toBe('aal2')
    const second = await person.submit('login', next, {
      method: 'totp',
      totp_code: codeOf(social.app.clock.now(), secret),
    })
    expect(second.status).toBe(200)
    expect((await identitiesWith(project, email))[0].credentials.oidc.identifiers).toHaveLength(1)
  })

  test('tells how its owner signs in, if configured', async () => {
    const at = await social.projectWith({}, true, { login_hints: true })
    const { email } = await signedUp(at, 'browser')
    const refused = await new Person(at).signUp(email)
    expect(refused.body.ui.messages).toMatchObject([
      { id: 4000028, context: { available_credential_types: ['code', 'password'], credential_identifier_hint: email } },
    ])
    const person = new Person(at)
    const flow = await social.shown(
      person,
      'login',
      flowIn(await social.signIn(person, { sub: freshSubject(), email })),
    )
    expect(flow.ui.messages[0].context.available_credential_types).toEqual(['code', 'password'])
    const groups = new Set(flow.ui.nodes.map(({ group }: { group: string }) => group))
    expect([...groups].sort()).toEqual(['code', 'default', 'passkey', 'password', 'webauthn'])
  })
})
