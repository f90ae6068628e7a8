import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshEmail, messageIds, openFlows, Person, password } from '../../../test/people.ts'
import { listMailbox } from '../../courier/index.ts'

describe('methods and flows', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  beforeAll(async () => {
    app = await openFlows('memory')
  })
  afterAll(() => app.close())

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
      const refused = /^(password|code)$/.test(fields.method ?? '') ? [404, []] : [400, [4010002]]
      expect([fields, status, messageIds(body)]).toEqual([fields, ...refused])
    }
    const recovery = await person.run('recovery', { method: 'code', email })
    expect([recovery.status, messageIds(recovery.body)]).toEqual([404, []])
    expect((await person.call('GET', '/self-service/registration/api')).status).toBe(400)
    expect(await listMailbox(closed.ctx, {})).toEqual([])
    expect(await person.whoami()).toBeUndefined()
  })
})
