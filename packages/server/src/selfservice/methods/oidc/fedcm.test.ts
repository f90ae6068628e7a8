import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, messageIds, Person } from '../../../../test/people.ts'
import { freshSubject, openSocial } from '../../../../test/social.ts'

const configUrl = 'https://acme.example/fedcm.json'

describe.each(dsns)('signing in through the browser (FedCM) on %s', (_, dsn) => {
  let social: Awaited<ReturnType<typeof openSocial>>
  let project: TestProject
  beforeAll(async () => {
    social = await openSocial(dsn)
    project = await social.projectWith({ fedcm_config_url: configUrl })
  })
  afterAll(() => social.close())

  const parameters = async (person: Person) => (await person.call('GET', '/self-service/fed-cm/parameters')).body
  const submit = (person: Person, json: object) => person.call('POST', '/self-service/fed-cm/token', { json })
  const tokenFor = (claims: object) => social.acme.sign(social.acme.claimsOf(claims))

  async function attempt(own: object, more: object = {}) {
    const person = new Person(project)
    const { csrf_token, providers } = await parameters(person)
    const [{ nonce }] = providers
    const token = tokenFor({ sub: freshSubject(), email: freshEmail(), nonce, ...own })
    return { person, answer: await submit(person, { csrf_token, token, nonce, ...more }), nonce, csrf_token, token }
  }

  test('tells pages which providers there are', async () => {
    const { providers } = await parameters(new Person(project))
    expect(providers).toEqual([
      {
        ...{ config_url: configUrl, client_id: 'client', nonce: expect.stringMatching(/^\w{43}$/) },
        parameters: { nonce: providers[0].nonce, scope: 'openid email' },
      },
    ])
    const other = await social.projectWith()
    expect((await new Person(other).call('GET', '/self-service/fed-cm/parameters')).status).toBe(404)
  })

  test('signs up and in', async () => {
    const claims = { sub: freshSubject(), email: freshEmail() }
    for (const _ of ['up', 'in']) {
      const { person, answer } = await attempt(claims)
      expect([answer.status, await person.whoami()]).toEqual([200, claims.email])
    }
  })

  test.each([
    ['another nonce', { nonce: 'x'.repeat(43) }, {}],
    ['no nonce', { nonce: undefined }, {}],
    ['a nonce in the form that is not that of the token', {}, { nonce: 'other' }],
    ['another audience', { aud: 'other' }, {}],
    ['another issuer', { iss: 'https://evil.example' }, {}],
  ])('is refused with %s', async (_name, claims, more) => {
    const { person, answer } = await attempt(claims, more)
    expect([answer.status, messageIds(answer.body), await person.whoami()]).toEqual([400, [4000001], undefined])
  })

  test.each(['', 'null', '[]', '{', '{"transient_payload":[]}'])('is refused with the body %s', async (text) => {
    const sent = { text, headers: { 'content-type': 'application/json' } }
    expect((await new Person(project).call('POST', '/self-service/fed-cm/token', sent)).status).toBe(400)
  })

  test('is refused with the token of another browser, and with one that was used', async () => {
    const victim = new Person(project)
    const { csrf_token } = await parameters(victim)
    const mallory = await attempt({}, { csrf_token: 'wrong' })
    expect(mallory.answer.status).toBe(403)
    const planted = await submit(victim, { csrf_token, token: mallory.token, nonce: mallory.nonce })
    expect([planted.status, await victim.whoami()]).toEqual([400, undefined])
    const { token, nonce } = await attempt({})
    expect((await submit(victim, { csrf_token, token, nonce })).status).toBe(400)
  })

  test('is refused with a state of another sign-in as the nonce', async () => {
    const person = new Person(project)
    const { csrf_token } = await parameters(person)
    const { state } = await social.leave(person)
    const token = tokenFor({ sub: freshSubject(), email: freshEmail(), nonce: state })
    expect((await submit(person, { csrf_token, token })).status).toBe(400)
  })
})
