import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import {
  freshEmail,
  identitiesWith,
  messageIds,
  openFlows,
  Person,
  password,
  signedUp,
} from '../../../../test/people.ts'
import { listMailbox } from '../../../courier/index.ts'

describe.each(dsns)('signing up on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = (kind: 'api' | 'browser' = 'browser', at = project) => signedUp(at, kind)
  const identities = (email: string) => identitiesWith(project, email)

  describe('signing up', () => {
    test('20 times at once with one address makes one account', async () => {
      const email = freshEmail('race')
      const people = Array.from({ length: 20 }, () => new Person(project, 'api'))
      const answers = await Promise.all(people.map((person) => person.signUp(email)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 400)])
      expect(answers.filter(({ status }) => status === 400).map(({ body }) => messageIds(body))).toEqual(
        Array.from({ length: 19 }, () => [4000007]),
      )
      expect(await identities(email)).toHaveLength(1)
    })

    test.each(['api', 'browser'] as const)('with a password needs an identifier (%s)', async (kind) => {
      const own = await app.project()
      const [schema] = own.ctx.config.identitySchemas
      if (!schema) throw new Error('the project has no schema')
      const nickname = { type: 'string' }
      const document = {
        type: 'object',
        properties: { traits: { type: 'object', properties: { nickname } } },
      }
      Object.assign(own.ctx, { config: { ...own.ctx.config, identitySchemas: [{ ...schema, document }] } })
      for (const traits of [{}, { nickname: 'ada' }]) {
        const flow = { method: 'password', password, traits }
        const { status, body } = await new Person(own, kind).run('registration', flow)
        expect([status, messageIds(body), body.ui.messages.length]).toEqual([400, [4000009], 1])
      }
      expect((await own.call('GET', '/admin/identities')).body).toEqual([])
    })

    test('tells an app that is signed in, whatever its parameters', async () => {
      const { person } = await member('api')
      const path = '/self-service/registration/api?return_to=https://elsewhere.example/'
      const { status, body } = await person.call('GET', path)
      expect([status, body.error.id]).toEqual([400, 'session_already_available'])
      const stranger = await new Person(project, 'api').call('GET', path)
      expect(stranger.body.error.id).toBe('self_service_flow_return_to_forbidden')
    })

    test('makes no second account that looks the same', async () => {
      await member()
      const name = `twin${Math.floor(app.clock.now() / 1000)}`
      expect((await new Person(project, 'api').signUp(`${name}@harbour.example`)).status).toBe(200)
      const twins = [
        `${name.toUpperCase()}@Harbour.example`,
        `${name.slice(0, 2)}\u200b${name.slice(2)}@harbour.example`,
        `${name}\u00ad@harbour.example`,
        `\u2060${name}@harbour.example`,
        `${name}@harbour\u200d.example`,
        `ｔ${name.slice(1)}@harbour.example`,
        `${name}\ufeff@harbour.example`,
      ]
      for (const twin of twins) {
        const { status } = await new Person(project, 'api').signUp(twin)
        expect([twin, status]).toEqual([twin, 400])
      }
      expect(await identities(`${name}@harbour.example`)).toHaveLength(1)
      expect((await new Person(project, 'api').signIn(`${name.toUpperCase()}\u200b@harbour.example `)).status).toBe(200)
    })

    test('makes nobody a member of the organization that the request names', async () => {
      const organization = '5d0f1a9e-64a3-4a1c-9a7c-2f1f6c1c0f11'
      for (const name of [organization, "' or 1=1 --", 'x', '%00', 'a'.repeat(6000)]) {
        const person = new Person(project, 'api')
        const email = freshEmail()
        const flow = await person.begin('registration', `?organization=${encodeURIComponent(decodeURIComponent(name))}`)
        expect(flow.organization_id).toBe(name === organization ? organization : null)
        const signUp = { method: 'password', traits: { email }, password }
        expect((await person.submit('registration', flow, signUp)).body.identity.organization_id).toBeNull()
        const [stored] = await identities(email)
        expect(stored.organization_id).toBeNull()
      }
    })

    test('sends mail in the language in which the flow began, whatever submits it', async () => {
      const person = new Person(project, 'api')
      const headers = { 'accept-language': 'de' }
      const german = await person.call('GET', '/self-service/registration/api', { headers })
      const [first, second] = [freshEmail(), freshEmail()]
      await person.submit('registration', german.body, { method: 'password', traits: { email: first }, password })
      await new Person(project, 'api').signUp(second)
      const subjects = []
      for (const to of [first, second]) subjects.push((await listMailbox(project.ctx, { to }))[0]?.subject)
      expect(subjects).toEqual([expect.stringMatching(/bestätigen/i), expect.stringMatching(/confirm|verify/i)])
    })

    test('takes nothing from the body but traits', async () => {
      const { email, person } = await member('api')
      const victim = (await identities(email))[0]
      const other = freshEmail()
      const forged = {
        id: victim.id,
        identity_id: victim.id,
        user_id: victim.id,
        state: 'inactive',
        metadata_admin: { role: 'root' },
      }
      const addresses = [{ via: 'email', value: other, verified: true, status: 'completed' }]
      const answer = await new Person(project, 'api').signUp(other, {
        ...forged,
        verifiable_addresses: addresses,
        credentials: {},
      })
      expect(answer.status).toBe(200)
      const made = (await identities(other))[0]
      expect(made.id).not.toBe(victim.id)
      expect(made).toMatchObject({ state: 'active', verifiable_addresses: [{ verified: false }] })
      expect(made.metadata_admin ?? null).toBeNull()
      expect(await person.whoami()).toBe(email)
    })
  })
})
