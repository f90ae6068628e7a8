import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestProject } from '../test/app.ts'
import { openSite } from '../test/browser.ts'
import { linkTokenFor, openFlows, Person, signedUp } from '../test/people.ts'
import { listMailbox } from './courier/mailbox.ts'

describe('requests that mean harm', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project()
  })
  afterAll(() => app.close())

  const member = (kind: 'api' | 'browser' = 'api', at = project) => signedUp(at, kind)

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

  test('a body that is packed is not unpacked', async () => {
    const person = new Person(project, 'api')
    const flow = await person.begin('login')
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const answer = await person.call('POST', `/self-service/login?flow=${flow.id}`, { text: '\u001f\u008b', headers })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
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
