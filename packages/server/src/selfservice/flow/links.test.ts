import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkTokenFor, openFlows, Person, signedUp } from '../../../test/people.ts'
import { listMailbox } from '../../courier/index.ts'

describe('addresses in answers and mails', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  beforeAll(async () => {
    app = await openFlows('memory')
  })
  afterAll(() => app.close())

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
    const { person, email } = await signedUp(byLink, 'browser')
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
})
