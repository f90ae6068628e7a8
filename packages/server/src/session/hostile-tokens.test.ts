import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestProject } from '../../test/app.ts'
import { codeFor, openFlows, Person, password, signedUp } from '../../test/people.ts'
import { tokenHash } from '../kernel/keys.ts'
import { cookieName, findByTokenHash, sessionFromRow } from './index.ts'
import { updateSession } from './store.ts'

describe('sessions against harm', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project()
  })
  afterAll(() => app.close())

  test('a session is as strong as it is stored, at once', async () => {
    const strict = await app.project(({ selfservice, session, ...identity }) => ({
      ...identity,
      session: { ...session, whoami: { ...session.whoami, required_aal: 'highest_available' } },
      selfservice: {
        ...selfservice,
        methods: {
          ...selfservice.methods,
          code: { ...selfservice.methods.code, passwordless_enabled: false, mfa_enabled: true },
        },
      },
    }))
    const { person, email } = await signedUp(strict, 'api')
    const flow = await person.begin('login', '?aal=aal2')
    await person.submit('login', flow, { method: 'code', code: await codeFor(strict.ctx, email) })
    expect(await person.whoami()).toBe(email)
    const row = await findByTokenHash(strict.ctx, tokenHash(person.token ?? ''))
    if (!row) throw new Error('the session is gone')
    const stored = sessionFromRow(row)
    await updateSession(strict.ctx, { ...stored, aal: 'aal1' })
    expect((await person.call('GET', '/sessions/whoami')).body.error.id).toBe('session_aal2_required')
    await updateSession(strict.ctx, stored)
    expect(await person.whoami()).toBe(email)
    await strict.call('DELETE', `/admin/sessions/${stored.id}`)
    expect((await person.call('GET', '/sessions/whoami')).status).toBe(401)
  })

  test('a cookie that was not given out is worth nothing', async () => {
    const { person } = await signedUp(project, 'browser')
    const name = cookieName(project.ctx)
    const good = person.cookies.get(name) ?? ''
    const id = (await person.call('GET', '/sessions/whoami')).body.id
    const others = [
      `${good}x`,
      good.slice(0, -1),
      good.toLowerCase(),
      good.toUpperCase(),
      id,
      tokenHash(good),
      '',
      'null',
      `"${good}`,
      `${good}%00`,
    ]
    for (const value of others) {
      const thief = new Person(project)
      thief.cookies.set(name, value)
      expect([value, (await thief.call('GET', '/sessions/whoami')).status]).toEqual([value, 401])
    }
    const csrf = new Person(project)
    const flow = await csrf.begin('login')
    csrf.cookies.set('csrf', Buffer.alloc(32).toString('base64'))
    const fields = { method: 'password', identifier: 'x@harbour.example', password }
    expect((await csrf.submit('login', flow, fields)).status).toBe(403)
    expect((await csrf.submit('login', flow, { ...fields, csrf_token: 'AAAA' })).status).toBe(403)
  })
})
