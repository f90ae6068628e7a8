import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestProject } from '../test/app.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, password, signedUp } from '../test/people.ts'
import { listMailbox } from './courier/mailbox.ts'
import { tokenHash } from './kernel/keys.ts'
import { cookieName, findByTokenHash, sessionFromRow } from './session/index.ts'
import { updateSession } from './session/store.ts'

describe('sessions and sign-in against harm', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = (kind: 'api' | 'browser' = 'api', at = project) => signedUp(at, kind)

  test('a session that could not be ended is not said to be ended', async () => {
    const own = await openFlows('memory')
    const at = await own.project()
    const { person, email } = await member('api', at)
    const db = own.database.unscoped
    await sql`create trigger stuck before update on sessions begin select raise(abort, 'stuck'); end`.execute(db)
    await sql`create trigger stuck_too before delete on sessions begin select raise(abort, 'stuck'); end`.execute(db)
    const id = (await person.call('GET', '/sessions/whoami')).body.id
    const identity = (await at.call('GET', `/admin/identities?credentials_identifier=${email}`)).body[0].id
    const answers = [
      await person.call('DELETE', '/self-service/logout/api', { json: { session_token: person.token } }),
      await at.call('DELETE', `/admin/sessions/${id}`),
      await at.call('DELETE', `/admin/identities/${identity}/sessions`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 500])
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(/stuck|sqlite/i)
    expect(await person.whoami()).toBe(email)
    await own.close()
  })

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
    const { person, email } = await member('api', strict)
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
    const { person } = await member('browser')
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

  test('a lockout sits under every way of signing in', async () => {
    const locked = await app.project((identity) => ({
      ...identity,
      security: {
        ...identity.security,
        attempts: { ...identity.security.attempts, enabled: true, per_account: 3, per_address: 1000 },
      },
    }))
    const { email } = await member('api', locked)
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

  test('what is switched off is refused, whatever is sent', async () => {
    const closed = await app.project(({ selfservice, ...identity }) => {
      const { methods, flows } = selfservice
      const off = { enabled: false } as const
      return {
        ...identity,
        selfservice: {
          ...selfservice,
          methods: {
            ...methods,
            password: { ...methods.password, ...off },
            code: { ...methods.code, ...off },
            link: { ...methods.link, ...off },
            profile: { ...methods.profile, ...off },
          },
          flows: { ...flows, registration: { ...flows.registration, ...off } },
        },
      }
    })
    const email = freshEmail()
    const credentials = { password: { config: { password } } }
    const json = { schema_id: 'person', traits: { email }, credentials }
    expect((await closed.call('POST', '/admin/identities', { json })).status).toBe(201)
    const person = new Person(closed, 'api')
    const submissions = [
      { method: 'password', identifier: email, password },
      { method: 'code', identifier: email },
      { method: 'link', email },
      { method: 'oidc', provider: '' },
      { method: 'totp', totp_code: '000000' },
      { method: 'toString' },
      { method: '__proto__' },
      {},
    ]
    for (const fields of submissions) {
      const { status, body } = await person.run('login', fields)
      expect([fields, status, messageIds(body)]).toEqual([fields, 400, [4010002]])
    }
    const recovery = await person.run('recovery', { method: 'code', email })
    expect([recovery.status, messageIds(recovery.body)]).toEqual([400, [4010005]])
    expect((await person.call('GET', '/self-service/registration/api')).status).toBe(400)
    expect(await listMailbox(closed.ctx, {})).toEqual([])
    expect(await person.whoami()).toBeUndefined()
  })
})
