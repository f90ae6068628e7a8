import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns } from '../../../../test/app.ts'
import { inline } from '../../../../test/openid-provider.ts'
import { freshEmail, identitiesWith, Person } from '../../../../test/people.ts'
import { freshSubject, openSocial } from '../../../../test/social.ts'
import type { ProviderConfig } from './config.ts'

describe.each(dsns)('what a provider says, on %s', (_, dsn) => {
  let social: Awaited<ReturnType<typeof openSocial>>
  beforeAll(async () => {
    social = await openSocial(dsn)
  })
  afterAll(() => social.close())

  async function signIn(config: Partial<ProviderConfig>, ...claims: object[]) {
    const at = await social.projectWith(config)
    const email = freshEmail()
    const who = { sub: freshSubject(), email }
    let person = new Person(at)
    let answer = await social.signIn(person, { ...who, ...claims[0] })
    for (const more of claims.slice(1)) {
      person = new Person(at)
      answer = await social.signIn(person, { ...who, ...more })
    }
    const [identity] = await identitiesWith(at, email)
    const { body: session } = await person.call('GET', '/sessions/whoami')
    return { at, person, answer, identity, session, email }
  }

  test.each([
    ['never', 'Ada'],
    ['automatic', 'Countess'],
  ] as const)('updates the identity at each sign-in: %s', async (mode, name) => {
    const { identity } = await signIn({ update_identity_on_login: mode }, { name: 'Ada' }, { name: 'Countess' })
    expect(identity.metadata_public).toEqual({ name })
  })

  test('does not update an identity with an address of somebody else', async () => {
    const at = await social.projectWith({ update_identity_on_login: 'automatic' })
    const [ada, ben] = [freshEmail(), freshEmail()]
    const who = { sub: freshSubject(), email: ada }
    await social.signIn(new Person(at), who)
    await social.signIn(new Person(at), { sub: freshSubject(), email: ben })
    const person = new Person(at)
    await social.signIn(person, { ...who, email: ben })
    expect([await person.whoami(), (await identitiesWith(at, ben)).length]).toEqual([ada, 1])
  })

  test.each([
    ['an acr that is configured', { acr: 'gold' }, 'aal2'],
    ['an amr that is configured', { amr: ['pwd', 'mfa'] }, 'aal2'],
    ['others', { acr: 'silver', amr: ['pwd'] }, 'aal1'],
    ['none', {}, 'aal1'],
  ])('of the authentication sets the level of the session: %s', async (_name, claims, aal) => {
    const { session } = await signIn({ aal2_acr_values: ['gold'], aal2_amr_values: ['mfa'] }, claims)
    const { acr, amr } = claims as { acr?: string; amr?: string[] }
    expect(session.authenticator_assurance_level).toBe(aal)
    expect(session.authentication_methods).toMatchObject([
      { method: 'oidc', aal, provider: 'acme', ...(acr && { upstream_acr: acr }), ...(amr && { upstream_amr: amr }) },
    ])
  })

  test.each([
    ['no traits', '{ identity: {} }'],
    ['metadata that are no object', "{ identity: { traits: {}, metadata_public: 'x' } }"],
    ['addresses that are no list', '{ identity: { traits: {}, verified_addresses: {} } }'],
    ['an error', "error 'secret'"],
    ['an endless loop', 'local f(x) = f(x + 1) tailstrict; f(0)'],
    ['a file', "import 'other.jsonnet'"],
  ])('is not used if the mapper returns %s', async (_name, mapper) => {
    const { person, answer, identity } = await signIn({ mapper_url: inline(mapper) }, {})
    expect([await person.whoami(), identity]).toEqual([undefined, undefined])
    const id = new URL(String(answer.headers.location)).searchParams.get('id')
    const { body } = await person.call('GET', `/self-service/errors?id=${id}`)
    expect([body.error.code, JSON.stringify(body)]).toEqual([500, expect.not.stringContaining('secret')])
  })

  test('cannot reach the prototype of an object', async () => {
    const mapper = `local claims = std.extVar('claims');
{ identity: { traits: { email: claims.email }, metadata_public: { __proto__: { polluted: 1 } } } }`
    await signIn({ mapper_url: inline(mapper) }, {})
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('has everything in raw_claims, and empty claims are left out', async () => {
    const mapper = `local claims = std.extVar('claims');
{ identity: { traits: { email: claims.email }, metadata_admin: { own: claims.raw_claims.own, has: std.objectHas(claims, 'email_verified') } } }`
    const { at, identity } = await signIn({ mapper_url: inline(mapper) }, { own: [1], email_verified: false })
    const { body } = await at.call('GET', `/admin/identities/${identity.id}`)
    expect(body.metadata_admin).toEqual({ own: [1], has: false })
  })
})
