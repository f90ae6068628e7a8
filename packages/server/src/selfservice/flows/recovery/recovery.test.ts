import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { codeFor, identitiesWith, openFlows, Person, signedUp } from '../../../../test/people.ts'

describe.each(dsns)('recovery on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = (kind: 'api' | 'browser' = 'browser', at = project) => signedUp(at, kind)
  const identities = (email: string) => identitiesWith(project, email)

  describe('recovering', () => {
    test('does not sign in to an account that is switched off', async () => {
      const { email } = await member('api')
      const { id } = (await identities(email))[0]
      await project.call('PATCH', `/admin/identities/${id}`, {
        json: [{ op: 'replace', path: '/state', value: 'inactive' }],
      })
      const person = new Person(project, 'api')
      const flow = await person.begin('recovery')
      await person.submit('recovery', flow, { method: 'code', email })
      const answer = await person.submit('recovery', flow, { method: 'code', code: await codeFor(project.ctx, email) })
      expect(answer.status).toBe(401)
      expect(JSON.stringify(answer.body)).not.toContain('ory_st_')
    })

    test('verifies the address that the code was sent to', async () => {
      const { email } = await member('api')
      const person = new Person(project, 'api')
      const flow = await person.begin('recovery')
      await person.submit('recovery', flow, { method: 'code', email })
      await person.submit('recovery', flow, { method: 'code', code: await codeFor(project.ctx, email) })
      expect((await identities(email))[0].verifiable_addresses).toMatchObject([{ value: email, verified: true }])
    })
  })

  describe('without transitions by continue_with', () => {
    let older: TestProject
    beforeAll(async () => {
      older = await app.project(({ feature_flags: flags, ...identity }) => ({
        ...identity,
        feature_flags: { ...flags, use_continue_with_transitions: false },
      }))
    })
    const html = { accept: 'text/html' }

    async function codeSent(kind: 'api' | 'browser') {
      const { email } = await signedUp(older, 'api')
      const person = new Person(older, kind)
      const flow = await person.begin('recovery')
      await person.submit('recovery', flow, { method: 'code', email })
      return { person, flow, email, code: await codeFor(older.ctx, email) }
    }

    test('sends a script on to the settings, signed in', async () => {
      const { person, flow, email, code } = await codeSent('browser')
      const { status, body } = await person.submit('recovery', flow, { method: 'code', code })
      expect([status, body.error.id]).toEqual([422, 'browser_location_change_required'])
      expect(body.redirect_browser_to).toMatch(/\/settings\?flow=[-0-9a-f]{36}$/)
      expect(JSON.stringify(body)).not.toContain('continue_with')
      expect(await person.whoami()).toBe(email)
    })

    test('redirects a page to the settings, signed in', async () => {
      const { person, flow, email, code } = await codeSent('browser')
      const { status, headers } = await person.submit('recovery', flow, { method: 'code', code }, html)
      expect([status, headers.location]).toEqual([303, expect.stringMatching(/\/settings\?flow=/)])
      expect(await person.whoami()).toBe(email)
    })

    test('gives an app where to go, and no token, as Kratos does', async () => {
      const { person, flow, code } = await codeSent('api')
      const { status, headers, body } = await person.submit('recovery', flow, { method: 'code', code })
      expect([status, body.redirect_browser_to]).toEqual([422, expect.stringMatching(/\/settings\?flow=/)])
      expect([headers['set-cookie'], JSON.stringify(body).includes('ory_st_')]).toEqual([undefined, false])
    })

    test.each(['api', 'browser'] as const)(
      'redirects to the flow in the place of an expired one (%s)',
      async (kind) => {
        const { person, flow } = await codeSent(kind)
        app.clock.advance(7_200_000)
        const { status, headers } = await person.submit('recovery', flow, { method: 'code', code: '123456' })
        expect([status, headers.location]).toEqual([303, expect.stringMatching(/\/self-service\/recovery\/flows\?id=/)])
        expect(headers.location).not.toContain(flow.id)
      },
    )

    test('redirects to the flow in the place of a completed one', async () => {
      const { person, flow, code } = await codeSent('api')
      await person.submit('recovery', flow, { method: 'code', code })
      const again = await person.submit('recovery', flow, { method: 'code', code })
      expect([again.status, again.headers.location]).toEqual([303, expect.stringMatching(/\/recovery\/flows\?id=/)])
    })
  })
})
