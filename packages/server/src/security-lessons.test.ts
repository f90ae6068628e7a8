import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestProject } from '../test/app.ts'
import { openSite } from '../test/browser.ts'
import { codeFor, freshEmail, linkTokenFor, messageIds, openFlows, Person, password } from '../test/people.ts'
import { listMailbox } from './courier/mailbox.ts'
import { tokenHash } from './kernel/keys.ts'
import { cookieName, findByTokenHash, findSession } from './session/index.ts'
import { updateSession } from './session/store.ts'

type Lesson = { file: string; test: string } | { waits: 'oauth2' | 'oidc' | 'saml' | 'scim' | 'permission' }

const at = (file: string, name: string): Lesson => ({ file, test: name })
const here = (name: string): Lesson => ({ file: 'security-lessons.test.ts', test: name })
const codes = 'selfservice/methods/code/codes.test.ts'
const flows = 'selfservice/flows/flows.test.ts'
const returns = 'selfservice/flows/return-to.test.ts'
const limits = 'selfservice/limits/limits.test.ts'

/** What went wrong in products of this kind, and the test that holds it here or the room that it waits for. */
const lessons: Record<string, Lesson | readonly Lesson[]> = {
  'Keto CVE-2026-33505, Hydra GHSA-r9w3-57w2-gch2, Kratos GO-2026-4801: page tokens': [
    here('a page token that was not made here is refused'),
    at('identity/admin/list.test.ts', 'a page token counts only as it was given, where it was given'),
    at('courier/routes.test.ts', "another project's page token and messages do not count"),
  ],
  'Hydra GO-2026-4861: XSS by reflected values': here('nothing of a request becomes a part of a page'),
  'Hydra GHSA-3p3g-vpw6-4w66: jti replay': { waits: 'oauth2' },
  'Kratos GHSA-wc43-73w7-x2f5: code ignored highest_available': at(
    'selfservice/methods/code/second-factor.test.ts',
    'is wanted by whoami and the settings before they answer, and enough for both',
  ),
  'fosite CVE-2020-15223: ignored storage errors': here('a session that could not be ended is not said to be ended'),
  'fosite CVE-2020-15233, -15234: loose redirects': at(returns, 'may not have %s'),
  'Kratos 93d364c8e: tenant isolation': at('two-projects.test.ts', '%s shows and changes nothing of the other'),
  'Kratos v26.2.13: invisible Unicode': at(flows, 'makes no second account that looks the same'),
  'Kratos v26.2.19: address changed without privileged session': at(flows, 'of %s needs a recent sign-in'),
  'Kratos v26.2.5: shared error objects': [
    at('../../api/src/errors.test.ts', 'is made anew each time'),
    here('simultaneous errors tell nothing of each other'),
  ],
  'Better Auth CVE-2025-61928: userId in the body': at(flows, 'of the subject of the session only'),
  'Better Auth GHSA-xg6x-h9c9-2m83: cached session skipped the second factor': here(
    'a session is as strong as it is stored, at once',
  ),
  'Better Auth CVE-2026-45364: rate keys by raw IPv6': at(limits, '%s is counted as %s'),
  'Better Auth CVE-2026-45337: device code not bound': { waits: 'oauth2' },
  'Better Auth: find, then consume': [
    at(codes, 'of 50 simultaneous redemptions exactly one wins'),
    at('selfservice/methods/link/tokens.test.ts', 'of 50 simultaneous redemptions exactly one wins'),
  ],
  'Better Auth GHSA-g38m, -fmh4, -j8v8: linking and SCIM without ownership': [{ waits: 'oidc' }, { waits: 'scim' }],
  'Logto CVE-2026-15612: nonce': { waits: 'oidc' },
  'Logto CVE-2026-56739: SSRF': at(
    'selfservice/hooks/hooks.test.ts',
    'do not go to %s where private addresses are refused',
  ),
  'Zitadel GHSA-2wmj-46rj-qm2w: links from the Forwarded header': here(
    'links are made from the configuration, whatever the request says',
  ),
  'Zitadel CVE-2025-64102: second factor guessed': [
    at('selfservice/methods/code/second-factor.test.ts', 'guessed at too often is refused even if it is right'),
    at(codes, 'after five wrong codes the right one is refused'),
    at(limits, 'at codes are limited over several flows, for known and unknown addresses alike'),
  ],
  'Zitadel CVE-2025-46815: intent used twice': [{ waits: 'oidc' }, at(codes, 'a code used twice is refused')],
  'Zitadel CVE-2026-27946: address verified by its owner': at(
    flows,
    'does not mark an address as verified, whatever is sent',
  ),
  'Zitadel CVE-2026-55669, GHSA-wxg7-w2v3-w38g: JWT without aud, iat, exp': { waits: 'oauth2' },
  'Zitadel CVE-2026-119128: forgeable cookie': here('a cookie that was not given out is worth nothing'),
  'Keycloak CVE-2023-6291, 2024-1132, 2024-8883, 2026-3872: redirects by prefix': at(returns, 'may not have %s'),
  'Keycloak CVE-2024-8698: SAML signature': { waits: 'saml' },
  'Keycloak CVE-2026-1190: SAML NotOnOrAfter': { waits: 'saml' },
  'Keycloak CVE-2026-2575: DEFLATE bomb': [{ waits: 'saml' }, here('a body that is packed is not unpacked')],
  'Keycloak CVE-2026-9798: lockout passed by another grant': here('a lockout sits under every way of signing in'),
  'Keycloak CVE-2026-7571: disabled flow still answered': here('what is switched off is refused, whatever is sent'),
  'Keycloak CVE-2026-9689: repeated parameters': { waits: 'oauth2' },
  'Keycloak CVE-2024-3656: admin REST without authorisation': at(
    'admin-access.test.ts',
    'answers 401 without a token of the project',
  ),
  'OpenFGA CVE-2024-56323, SpiceDB CVE-2026-46668: check cache key': { waits: 'permission' },
  'OpenFGA CVE-2023-45810, SpiceDB CVE-2025-65111: list-objects': { waits: 'permission' },
  'Keto v26.2.0: null ends the process': [
    { waits: 'permission' },
    here('null in every place of a body is an answer of 4xx'),
  ],
  'Keto v26.2.0: row order and depth': { waits: 'permission' },
  'oidc-provider 9: simultaneous refreshes': { waits: 'oauth2' },
}

describe('what went wrong elsewhere', () => {
  const held = Object.entries(lessons).flatMap(([lesson, where]) =>
    [where].flat().flatMap((one) => ('file' in one ? [[lesson, one.file, one.test] as const] : [])),
  )
  test.each(held)('%s is held by a test in %s', (_, file, name) => {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8')
    expect(text.replaceAll("\\'", "'")).toContain(name)
  })
})

describe('held here:', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project()
  })
  afterAll(() => app.close())

  async function member(kind: 'api' | 'browser' = 'api', at = project) {
    const person = new Person(at, kind)
    const email = freshEmail()
    expect((await person.signUp(email)).status).toBe(200)
    return { person, email }
  }

  const forged = [
    "x' OR 1=1 --",
    '00000000-0000-0000-0000-000000000000',
    '00000000000000000000000000000000.',
    Buffer.from('{"id":"x"}').toString('base64'),
    'e30=',
    '%00',
    '.',
    'null',
    'x'.repeat(5000),
  ]
  test.each(['/admin/sessions', '/admin/identities'])(
    'a page token that was not made here is refused, at %s',
    async (path) => {
      await member()
      for (const token of forged) {
        const { status, body } = await project.call('GET', `${path}?page_token=${encodeURIComponent(token)}`)
        // A bare id is a token of older clients, and a value only.
        const allowed = path === '/admin/identities' && token === forged[1] ? [200, 400] : [400]
        expect([token, allowed.includes(status) ? 'refused' : body]).toEqual([token, 'refused'])
      }
    },
  )

  test('nothing of a request becomes a part of a page', async () => {
    const site = await openSite()
    const attack = encodeURIComponent('"><script>alert(1)</script>')
    const names = [
      'flow',
      'id',
      'error',
      'error_description',
      'error_hint',
      'return_to',
      'token',
      'code',
      'next',
      'logout_token',
    ]
    const query = names.map((name) => `${name}=${attack}`).join('&')
    const pages = ['login', 'registration', 'recovery', 'verification', 'settings', 'error', 'logout', 'sessions']
    for (const page of pages) {
      const { answer, text } = await site.visitor().open(`/ui/${page}?${query}`)
      expect([page, text.includes('<script>alert')]).toEqual([page, false])
      if (!String(answer.headers['content-type']).startsWith('text/html')) continue
      const policy = String(answer.headers['content-security-policy'])
      const scripts = /script-src ([^;]*)|default-src ([^;]*)/.exec(policy)?.[0] ?? ''
      expect([page, scripts]).not.toEqual([page, ''])
      expect(scripts).not.toMatch(/unsafe-inline|unsafe-eval|\*/)
    }
    const visitor = site.visitor()
    const { text } = await visitor.open('/ui/login')
    const again = await visitor.submit(text, {
      method: 'password',
      identifier: '"><script>alert(1)</script>',
      password: 'wrong',
    })
    expect(again.text).not.toContain('<script>alert')
    await site.close()
  })

  test('a session that could not be ended is not said to be ended', async () => {
    const own = await openFlows('memory')
    const at = await own.project()
    const { person, email } = await member('api', at)
    const db = own.database.everything
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

  test('simultaneous errors tell nothing of each other', async () => {
    const paths = Array.from(
      { length: 20 },
      (_, i) => `/admin/identities/${`${i}`.padStart(8, '0')}-0000-4000-8000-000000000000`,
    )
    const mixed = await Promise.all(
      paths.flatMap((path, i) => [
        project.call('GET', path),
        project.call('POST', '/admin/identities', { json: { schema_id: `schema-${i}`, traits: {} } }),
      ]),
    )
    mixed.forEach(({ body }, i) => {
      const text = JSON.stringify(body)
      const others = Array.from({ length: 20 }, (_, n) => `schema-${n}"`).filter(
        (_, n) => i % 2 === 0 || n !== (i - 1) / 2,
      )
      expect(others.filter((other) => text.includes(other))).toEqual([])
    })
    const alone = await project.call('GET', paths[0] ?? '')
    expect(alone.body).toEqual(mixed[0]?.body)
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
    const stored = await findSession(strict.ctx, row?.id ?? '')
    if (!stored) throw new Error('the session is gone')
    await updateSession(strict.ctx, { ...stored, aal: 'aal1' })
    expect((await person.call('GET', '/sessions/whoami')).body.error.id).toBe('session_aal2_required')
    await updateSession(strict.ctx, stored)
    expect(await person.whoami()).toBe(email)
    await strict.call('DELETE', `/admin/sessions/${stored.id}`)
    expect((await person.call('GET', '/sessions/whoami')).status).toBe(401)
  })

  test('links are made from the configuration, whatever the request says', async () => {
    const byLink = await app.project(({ selfservice, ...identity }) => ({
      ...identity,
      selfservice: {
        ...selfservice,
        flows: { ...selfservice.flows, recovery: { ...selfservice.flows.recovery, use: 'link' } },
        methods: { ...selfservice.methods, link: { ...selfservice.methods.link, enabled: true } },
      },
    }))
    const evil = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '666',
      'x-forwarded-prefix': '/evil.example',
      'x-original-url': 'https://evil.example/',
      forwarded: 'host=evil.example;proto=https',
      referer: 'https://evil.example/',
    }
    const { person, email } = await member('browser', byLink)
    const lost = new Person(byLink, 'api')
    const begun = await lost.call('GET', '/self-service/recovery/api', { headers: evil })
    const sent = await lost.submit('recovery', begun.body, { method: 'link', email }, evil)
    const logout = await person.call('GET', '/self-service/logout/browser', { headers: evil })
    const { id } = (await byLink.call('GET', `/admin/identities?credentials_identifier=${email}`, { headers: evil }))
      .body[0]
    const admin = await byLink.call('POST', '/admin/recovery/link', { json: { identity_id: id }, headers: evil })
    const list = await byLink.call('GET', '/admin/sessions', { headers: evil })
    expect((await linkTokenFor(byLink.ctx, email)).length).toBeGreaterThan(20)
    const mails = await listMailbox(byLink.ctx, {})
    const all = JSON.stringify([begun, sent, logout, admin, list, mails])
    expect(all).not.toMatch(/evil\.example|:666/)
    expect(admin.body.recovery_link).toMatch(/^http:\/\/localhost:4000\//)
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

  test('a body that is packed is not unpacked', async () => {
    const person = new Person(project, 'api')
    const flow = await person.begin('login')
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const answer = await person.call('POST', `/self-service/login?flow=${flow.id}`, { text: '\u001f\u008b', headers })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
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

  test('null in every place of a body is an answer of 4xx', async () => {
    const names = ['login', 'registration', 'recovery', 'verification'] as const
    const places = [
      'method',
      'identifier',
      'password',
      'traits',
      'email',
      'code',
      'csrf_token',
      'transient_payload',
      'resend',
    ]
    for (const name of names) {
      for (const body of [null, [], [null], ...places.map((place) => ({ method: 'password', [place]: null }))]) {
        const person = new Person(project, 'api')
        const flow = await person.begin(name)
        const answer = await person.call('POST', `/self-service/${name}?flow=${flow.id}`, { json: body })
        expect([name, body, Math.floor(answer.status / 100)]).toEqual([name, body, 4])
      }
    }
    const members = ['schema_id', 'traits', 'credentials', 'verifiable_addresses', 'state']
    for (const json of [null, [null], ...members.map((member) => ({ [member]: null }))]) {
      const { status } = await project.call('POST', '/admin/identities', { json })
      expect([json, Math.floor(status / 100)]).toEqual([json, 4])
    }
  })
})
