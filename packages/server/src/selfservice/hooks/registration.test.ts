import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identities, ignored, interrupting, member, openHooked, parsing, taken } from '../../../test/hooked.ts'
import { freshEmail, messageIds, Person, password } from '../../../test/people.ts'

describe('hooks before flows and of a sign-up', () => {
  let hooked: Awaited<ReturnType<typeof openHooked>>
  beforeAll(async () => {
    hooked = await openHooked()
  })
  afterAll(() => hooked.close())

  describe('before a flow', () => {
    test.each(['login', 'registration', 'recovery', 'verification'] as const)(
      'of the kind %s are called when it begins',
      async (name) => {
        const path = `/before-${name}`
        const project = await hooked.withHooks(name, 'before', [hooked.webHook(path)])
        const flow = await new Person(project, 'api').begin(name)
        expect(flow.id).toBeDefined()
        expect(JSON.parse(hooked.target.at(path)[0]?.text ?? '{}')).toMatchObject({
          flow: { id: flow.id, type: 'api' },
        })
      },
    )

    test('are asked again when a flow that ran out begins anew', async () => {
      const project = await hooked.withHooks('login', 'before', [hooked.webHook('/anew', interrupting)])
      const { person, email } = await member(project)
      const flow = await person.begin('login')
      hooked.app.clock.advance(3_600_000)
      hooked.target.answers.set('/anew', { status: 403, body: taken })
      const answer = await person.submit('login', flow, { method: 'password', identifier: email, password })
      expect([answer.status, answer.body.error.reason]).toEqual([400, 'Not this one.'])
      expect(await project.ctx.db.selectFrom('flows').select('id').execute()).toEqual([{ id: flow.id }])
    })

    test('of settings are called when they begin', async () => {
      const project = await hooked.withHooks('settings', 'before', [hooked.webHook('/before-settings')])
      const { person, email } = await member(project)
      await person.signIn(email)
      await person.begin('settings')
      expect(JSON.parse(hooked.target.at('/before-settings')[0]?.text ?? '{}')).toMatchObject({
        identity: { traits: { email } },
      })
    })

    test('may refuse it, and then there is none', async () => {
      hooked.target.answers.set('/closed', { status: 403, body: taken })
      const project = await hooked.withHooks('registration', 'before', [hooked.webHook('/closed', interrupting)])
      const answer = await new Person(project, 'api').call('GET', '/self-service/registration/api')
      expect([answer.status, answer.body.error.reason]).toEqual([400, 'Not this one.'])
      expect(await project.ctx.db.selectFrom('flows').select('id').execute()).toEqual([])
    })

    test('that cannot be reached refuse it too', async () => {
      const project = await hooked.withHooks('login', 'before', [
        { ...hooked.webHook('/x', { url: 'http://127.0.0.1:1/' }) },
      ])
      expect((await new Person(project, 'api').call('GET', '/self-service/login/api')).status).toBe(502)
    })
  })

  describe('after signing up', () => {
    test('a hook that may interrupt says why beside the field, and nothing is stored', async () => {
      hooked.target.answers.set('/refuse', { status: 422, body: taken })
      const project = await hooked.withHooks('registration', 'after', [
        hooked.webHook('/refuse', interrupting),
        { hook: 'session' },
      ])
      const answer = await new Person(project, 'api').signUp(freshEmail())
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [1234]])
      // biome-ignore lint/suspicious/noExplicitAny: nodes are looked into
      const field = answer.body.ui.nodes.find((node: any) => node.attributes.name === 'traits.email')
      expect(field.messages).toMatchObject([{ id: 1234, type: 'error', text: 'Not this one.' }])
      expect(await identities(project)).toEqual([])
      expect(await project.ctx.db.selectFrom('courier_messages').select('id').execute()).toEqual([])
    })

    test('a hook that fails without a reason stores nothing if it may interrupt', async () => {
      hooked.target.answers.set('/broken', { status: 500, body: 'x' })
      const project = await hooked.withHooks('registration', 'after', [hooked.webHook('/broken', interrupting)])
      expect((await new Person(project, 'api').signUp(freshEmail())).status).toBe(400)
      expect(await identities(project)).toEqual([])
    })

    test('a hook whose answer is ignored changes nothing when it fails', async () => {
      hooked.target.answers.set('/ignored', { status: 500 })
      const project = await hooked.withHooks('registration', 'after', [
        hooked.webHook('/ignored', ignored),
        { hook: 'session' },
      ])
      const email = freshEmail()
      const person = new Person(project, 'api')
      expect((await person.signUp(email)).status).toBe(200)
      expect(await person.whoami()).toBe(email)
      expect(JSON.parse((await hooked.target.called('/ignored')).text).identity.traits.email).toBe(email)
    })

    test('a hook may change what is stored', async () => {
      const identity = { metadata_public: { plan: 'gold' }, metadata_admin: { score: 7 }, external_id: 'crm-1' }
      hooked.target.answers.set('/enrich', { status: 200, body: { identity } })
      const project = await hooked.withHooks('registration', 'after', [
        hooked.webHook('/enrich', parsing),
        { hook: 'session' },
      ])
      const answer = await new Person(project, 'api').signUp(freshEmail())
      expect(answer.body.identity).toMatchObject({ metadata_public: { plan: 'gold' } })
      expect(answer.body.identity.metadata_admin).toBeUndefined()
      expect((await identities(project))[0]).toMatchObject(identity)
    })

    test.each([
      ['traits that the schema refuses', { traits: { email: 'no address' } }, 400],
      ['a state that there is not', { state: 'asleep' }, 502],
      ['traits that are no object', { traits: 'x' }, 502],
    ])('a hook that answers with %s changes nothing', async (_what, identity, status) => {
      hooked.target.answers.set('/nonsense', { status: 200, body: { identity } })
      const project = await hooked.withHooks('registration', 'after', [hooked.webHook('/nonsense', parsing)])
      expect((await new Person(project, 'api').signUp(freshEmail())).status).toBe(status)
      expect(await identities(project)).toEqual([])
    })

    test('without the hook session nobody is signed in', async () => {
      const project = await hooked.withHooks('registration', 'after', [])
      const person = new Person(project, 'browser')
      const answer = await person.signUp(freshEmail())
      expect([answer.status, answer.body.session]).toEqual([200, undefined])
      expect(await person.whoami()).toBeUndefined()
    })

    test('show_verification_ui leads to the verification', async () => {
      const project = await hooked.withHooks('registration', 'after', [{ hook: 'show_verification_ui' }])
      const email = freshEmail()
      const answer = await new Person(project, 'browser').signUp(email)
      const shown = answer.body.continue_with.find(
        ({ action }: { action: string }) => action === 'show_verification_ui',
      )
      expect(shown.flow.verifiable_address).toBe(email)
    })
  })
})
