import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeFor, openFlows, Person, signedUp } from '../../../test/people.ts'

describe('a locked account', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  beforeAll(async () => {
    app = await openFlows('memory')
  })
  afterAll(() => app.close())

  test('a lockout sits under every way of signing in', async () => {
    const locked = await app.project((identity) => ({
      ...identity,
      security: {
        ...identity.security,
        attempts: { ...identity.security.attempts, enabled: true, per_account: 3, per_address: 1000 },
      },
    }))
    const { email } = await signedUp(locked, 'api')
    const asApp = () => new Person(locked, 'api').signIn(email, 'not the one')
    const asBrowser = () => new Person(locked).signIn(email, 'not the one')
    const byOldName = async () =>
      new Person(locked, 'api').run('login', {
        method: 'password',
        password_identifier: email,
        password: 'not the one',
      })
    for (const attempt of [asApp, asBrowser, byOldName]) expect((await attempt()).status).toBe(400)
    for (const kind of ['api', 'browser'] as const) {
      const person = new Person(locked, kind)
      await person.signIn(email)
      expect([kind, await person.whoami()]).toEqual([kind, undefined])
    }
    const person = new Person(locked, 'api')
    const flow = await person.begin('login')
    await person.submit('login', flow, { method: 'code', identifier: email })
    await person.submit('login', flow, { method: 'code', identifier: email, code: await codeFor(locked.ctx, email) })
    expect(await person.whoami()).toBeUndefined()
  })
})
