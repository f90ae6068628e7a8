import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dsns, openTestApp, type TestProject } from '../../test/app.ts'
import { member } from '../../test/hooked.ts'
import { Person, password } from '../../test/people.ts'
import { listMailbox } from '../courier/index.ts'
import { identityRoutes } from '../identity/index.ts'
import type { IdentityConfig } from '../kernel/config/index.ts'
import { pageRoutes } from '../pages/index.ts'
import { sessionRoutes } from '../session/index.ts'
import { loadTokenizer } from '../session/tokenizer/load.ts'
import { selfserviceRoutes } from './index.ts'

const minuteMs = 60_000

const inline = (text: string) => `base64://${Buffer.from(text).toString('base64')}`
const template = (mapper?: string) => ({
  ttl: 10 * minuteMs,
  jwks_url: inline(
    JSON.stringify({ keys: [{ kty: 'oct', alg: 'HS256', k: Buffer.alloc(32, 7).toString('base64url') }] }),
  ),
  subject_source: 'id' as const,
  ...(mapper && { claims_mapper_url: inline(mapper) }),
})
const templates = {
  plain: template(),
  hiding: template('{ claims: {} }'),
  replacing: template("{ claims: { act: { sub: 'nobody' }, sub: 'x' } }"),
  nulling: template('{ claims: { act: null } }'),
  reading: template("{ claims: { actor: std.extVar('session').act.sub } }"),
}

describe.each(dsns)('impersonation on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openTestApp>>
  let project: TestProject
  const open = (settings: Partial<IdentityConfig['session']['impersonation']> = {}) =>
    app.project((identity) => {
      const impersonation = { ...identity.session.impersonation, enabled: true, ...settings }
      return { ...identity, session: { ...identity.session, impersonation } }
    })
  beforeAll(async () => {
    const routes = [...identityRoutes, ...sessionRoutes, ...selfserviceRoutes, ...pageRoutes({ dev: false })]
    app = await openTestApp(dsn, routes)
    project = await open()
    expect(await loadTokenizer({ templates }, { folder: undefined, fetch: project.ctx.fetch })).toEqual([])
  })
  afterAll(() => app.close())

  const ask = (id: string, json: object = {}, at = project) =>
    at.call('POST', `/admin/identities/${id}/impersonate`, { json: { reason: 'Ticket 7', ...json } })

  /** Somebody, and an administrator who acts as them. */
  async function acting(json: object = {}, at = project) {
    const { email, id } = await member(at)
    const { status, body } = await ask(id, json, at)
    expect([status, body.error]).toEqual([201, undefined])
    const admin = new Person(at, body.session_cookie ? 'browser' : 'api')
    admin.token = body.session_token
    const [pair = ''] = String(body.session_cookie ?? '').split(';')
    if (pair) admin.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    return { email, id, admin, body }
  }

  it('creates a session that says who acts, and ends after its lifespan', async () => {
    const { email, id, admin, body } = await acting({ actor: 'support:eva', lifespan: '5m' })
    const act = { sub: 'support:eva', reason: 'Ticket 7' }
    expect(body.session).toMatchObject({ act, active: true, authentication_methods: [] })
    const { body: whoami } = await admin.call('GET', '/sessions/whoami')
    expect([whoami.act, whoami.identity.traits.email]).toEqual([act, email])
    expect((await project.call('GET', `/admin/identities/${id}/sessions`)).body[0].act).toEqual(act)
    app.clock.advance(5 * minuteMs)
    expect((await admin.call('GET', '/sessions/whoami')).status).toBe(401)
  })

  it('ordinary sessions have no such member', async () => {
    const { email, person } = await member(project)
    await person.signIn(email)
    expect((await person.call('GET', '/sessions/whoami')).body).not.toHaveProperty('act')
  })

  it('is named in tokens of the session, which no claims mapper can hide, and ordinary tokens have no such claim', async () => {
    const tokenizing = await app.project((identity) => ({
      ...identity,
      session: {
        ...identity.session,
        impersonation: { ...identity.session.impersonation, enabled: true },
        whoami: { ...identity.session.whoami, tokenizer: { templates } },
      },
    }))
    const claimsOf = async (who: Person, template: string) => {
      const { body } = await who.call('GET', `/sessions/whoami?tokenize_as=${template}`)
      return JSON.parse(Buffer.from(body.tokenized.split('.')[1], 'base64url').toString('utf8'))
    }
    const { id, admin, email, body } = await acting({ actor: 'support:eva' }, tokenizing)
    for (const template of ['plain', 'hiding', 'replacing', 'nulling']) {
      const claims = await claimsOf(admin, template)
      // RFC 8693, section 4.1; the reason is not for services.
      expect([template, claims.act, claims.sub, claims.sid]).toEqual([
        template,
        { sub: 'support:eva' },
        id,
        body.session.id,
      ])
    }
    expect((await claimsOf(admin, 'reading')).actor).toBe('support:eva')
    const owner = new Person(tokenizing, 'api')
    await owner.signIn(email)
    for (const template of ['plain', 'hiding']) expect(await claimsOf(owner, template)).not.toHaveProperty('act')
  })

  it('names the admin token if nobody else, and records the event', async () => {
    const { id, body } = await acting()
    expect(body.session.act.sub).toMatch(/^project_token:[\w-]+$/)
    expect(Date.parse(body.session.expires_at) - app.clock.now()).toBe(15 * minuteMs)
    const { attributes } = await project.ctx.db
      .selectFrom('events')
      .select('attributes')
      .where('name', '=', 'IdentityImpersonated')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(attributes)).toEqual({
      IdentityID: id,
      SessionID: body.session.id,
      ImpersonationActor: body.session.act.sub,
      ImpersonationReason: 'Ticket 7',
    })
  })

  it('tells the person by mail, unless that is switched off', async () => {
    const { email } = await acting()
    const [mail] = await listMailbox(project.ctx, { to: email })
    expect(mail?.text).toContain('Ticket 7')
    const [message] = (await project.call('GET', '/admin/courier/messages')).body ?? []
    expect(message?.template_type ?? 'stub').toBe('stub')
    const quiet = await open({ notify: false })
    const { email: other } = await acting({}, quiet)
    expect(await listMailbox(quiet.ctx, { to: other })).toEqual([])
  })

  it.each([
    ['no reason', { reason: ' ' }],
    ['too long a reason', { reason: 'x'.repeat(501) }],
    ['too long a lifespan', { lifespan: '61m' }],
    ['no time at all', { lifespan: '0s' }],
    ['an unknown type', { type: 'kiosk' }],
  ])('is refused with 400 for %s', async (_name, json) => {
    const { id } = await member(project)
    expect((await ask(id, json)).status).toBe(400)
    expect((await project.call('GET', `/admin/identities/${id}/sessions`)).body).toEqual([])
  })

  it('is off by default, and needs an admin token, an identity of the project, and an active one', async () => {
    const off = await app.project()
    expect((await ask((await member(off)).id, {}, off)).status).toBe(404)
    const { id } = await member(project)
    const json = { reason: 'Ticket 7' }
    expect((await project.call('POST', `/admin/identities/${id}/impersonate`, { json, token: null })).status).toBe(401)
    expect((await ask((await member(off)).id)).status).toBe(404)
    const patch = [{ op: 'replace', path: '/state', value: 'inactive' }]
    await project.call('PATCH', `/admin/identities/${id}`, { json: patch })
    expect((await ask(id)).status).toBe(409)
  })

  it('refuses changes of credentials and of traits that people sign in with, and allows other traits', async () => {
    const { email, id, admin } = await acting()
    const submit = async (fields: object) => admin.submit('settings', await admin.begin('settings'), fields)
    expect((await submit({ method: 'password', password: 'a stolen lantern' })).status).toBe(403)
    expect((await submit({ method: 'totp', totp_code: '123456' })).status).toBe(403)
    expect((await submit({ method: 'lookup_secret', lookup_secret_regenerate: true })).status).toBe(403)
    expect((await submit({ method: 'profile', traits: { email: 'thief@pier.example' } })).status).toBe(403)
    expect((await submit({ method: 'profile', traits: { email, name: { first: 'Ann' } } })).status).toBe(200)
    const { body } = await project.call('GET', `/admin/identities/${id}`)
    expect(body.traits).toEqual({ email, name: { first: 'Ann' } })
    expect((await new Person(project, 'api').signIn(email, password)).status).toBe(200)
  })

  it('refuses to end other sessions, and its own is not extended', async () => {
    const { email, admin, body } = await acting()
    const owner = new Person(project, 'api')
    await owner.signIn(email)
    const [{ id }] = (await admin.call('GET', '/sessions')).body
    expect((await admin.call('DELETE', '/sessions')).status).toBe(403)
    expect((await admin.call('DELETE', `/sessions/${id}`)).status).toBe(403)
    expect(await owner.whoami()).toBe(email)
    expect((await project.call('PATCH', `/admin/sessions/${body.session.id}/extend`)).status).toBe(400)
    expect((await owner.call('DELETE', `/sessions/${body.session.id}`)).status).toBe(204)
    expect((await admin.call('GET', '/sessions/whoami')).status).toBe(401)
  })

  it('our pages say who acts, with a button that ends it', async () => {
    const { admin } = await acting({ type: 'browser', actor: 'Eva <support>' })
    const headers = { accept: 'text/html' }
    const { body: page } = await admin.call('GET', '/ui/sessions', { headers })
    expect(page).toContain('Eva &lt;support> is acting in this account.')
    const [, token = ''] = /class="acting".*?name="csrf_token" value="([^"]+)"/s.exec(page) ?? []
    const text = new URLSearchParams({ csrf_token: token }).toString()
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await admin.call('POST', '/ui/sessions', { text: `${text}&all=true`, headers: form })).status).toBe(403)
    expect((await admin.call('POST', '/ui/logout', { text, headers: form })).status).toBe(303)
    expect((await admin.call('GET', '/sessions/whoami')).status).toBe(401)

    const { email, person } = await member(project, 'browser')
    await person.signIn(email)
    expect((await person.call('GET', '/ui/sessions', { headers })).body).not.toContain('class="acting"')
  })
})
