import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { freshEmail, linkTokenFor, openFlows, Person } from '../../../../test/people.ts'
import { tokenHash } from '../../../kernel/keys.ts'
import { redeemLinkToken } from './store.ts'

const minute = 60_000
const purposes = { recovery: 'recovery_link', verification: 'verification_link' } as const

describe.each(dsns)('links of messages on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  const byLink = (confirmUrl?: string) =>
    app.project(({ selfservice, ...identity }) => {
      const { flows, methods } = selfservice
      const recovery = { ...flows.recovery, use: 'link' as const }
      const verification = { ...flows.verification, use: 'link' as const }
      const { confirm_url: _, ...config } = methods.link.config
      const confirm = confirmUrl === undefined ? {} : { confirm_url: confirmUrl }
      const link = { ...methods.link, enabled: true, config: { ...config, ...confirm, lifespan: 15 * minute } }
      const changed = { ...selfservice, flows: { ...flows, recovery, verification }, methods: { ...methods, link } }
      return { ...identity, selfservice: changed }
    })
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await byLink()
  })
  afterAll(() => app.close())

  async function sent(name: 'recovery' | 'verification', at = project) {
    const email = freshEmail()
    await new Person(at, 'api').signUp(email)
    const person = new Person(at)
    const flow = await person.begin(name)
    await person.submit(name, flow, { method: 'link', email })
    return { flow, email, token: await linkTokenFor(at.ctx, email) }
  }
  const open = (name: string, { flow, token }: { flow: { id: string }; token: string }, at = project) =>
    new Person(at).call('GET', `/self-service/${name}?flow=${flow.id}&token=${token}`, {
      headers: { accept: 'text/html' },
    })
  const isVerified = async (email: string, at = project) =>
    (await at.call('GET', `/admin/identities?credentials_identifier=${email}`)).body[0].verifiable_addresses[0].verified

  describe.each(['recovery', 'verification'] as const)('of the %s flow', (name) => {
    test('of 50 simultaneous redemptions exactly one wins', async () => {
      const { token, flow } = await sent(name)
      const many = Array.from({ length: 50 }, () => redeemLinkToken(project.ctx, purposes[name], token, flow.id))
      expect((await Promise.all(many)).filter(Boolean)).toHaveLength(1)
    })

    test('opened 50 times at once, they prove the address once', async () => {
      const one = await sent(name)
      const answers = await Promise.all(Array.from({ length: 50 }, () => open(name, one)))
      const sessions = answers.filter(({ headers }) => String(headers['set-cookie']).includes('ory_kratos_session='))
      expect(sessions).toHaveLength(name === 'recovery' ? 1 : 0)
      expect(answers.every(({ status }) => status === 303)).toBe(true)
      expect(await isVerified(one.email)).toBe(true)
    })

    test('a link leads to a page with a button, if there is one, and is redeemed by the button only', async () => {
      const confirming = await byLink('https://pier.example/link')
      const one = await sent(name, confirming)
      const target = `/self-service/${name}?flow=${one.flow.id}&token=${one.token}`
      const reader = new Person(confirming)
      for (const accept of ['text/html', '*/*']) {
        const opened = await reader.call('GET', target, { headers: { accept } })
        const page = `https://pier.example/link?for=${name}&flow=${one.flow.id}&token=${one.token}`
        expect([opened.status, opened.headers.location]).toEqual([303, page])
        expect(String(opened.headers['set-cookie'])).not.toContain('ory_kratos_session=')
      }
      expect(await isVerified(one.email, confirming)).toBe(false)
      const form = {
        text: 'csrf_token=',
        headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      }
      const redeemed = await reader.call('POST', target, form)
      expect(redeemed.status).toBe(303)
      expect(await isVerified(one.email, confirming)).toBe(true)
      expect(await reader.whoami()).toBe(name === 'recovery' ? one.email : undefined)
      const again = new Person(confirming)
      await again.call('POST', target, form)
      expect(await again.whoami()).toBeUndefined()
    })

    test('a link used twice is refused', async () => {
      const one = await sent(name)
      expect((await open(name, one)).status).toBe(303)
      expect(await redeemLinkToken(project.ctx, purposes[name], one.token, one.flow.id)).toBeUndefined()
      const again = await open(name, one)
      expect(String(again.headers['set-cookie'])).not.toContain('ory_kratos_session=')
    })

    test('a link that ran out is refused', async () => {
      const one = await sent(name)
      app.clock.advance(15 * minute)
      await open(name, one)
      expect(await isVerified(one.email)).toBe(false)
      expect(await redeemLinkToken(project.ctx, purposes[name], one.token, one.flow.id)).toBeUndefined()
    })

    test('a link of another purpose is refused and stays good for its own', async () => {
      const { token, flow } = await sent(name)
      const other = name === 'recovery' ? 'verification' : 'recovery'
      expect(await redeemLinkToken(project.ctx, purposes[other], token, flow.id)).toBeUndefined()
      expect(await redeemLinkToken(project.ctx, purposes[name], token, flow.id)).toBeDefined()
    })

    test('a link of another project is refused', async () => {
      const other = await byLink()
      const one = await sent(name)
      expect((await open(name, one, other)).status).toBe(303)
      expect(await redeemLinkToken(other.ctx, purposes[name], one.token, one.flow.id)).toBeUndefined()
      expect(await isVerified(one.email)).toBe(false)
    })

    test('a link opened in another flow is refused there', async () => {
      const [one, other] = [await sent(name), await sent(name)]
      const answer = await open(name, { flow: other.flow, token: one.token })
      expect(String(answer.headers['set-cookie'])).not.toContain('ory_kratos_session=')
      expect([await isVerified(one.email), await isVerified(other.email)]).toEqual([false, false])
      await open(name, one)
      expect(await isVerified(one.email)).toBe(true)
    })

    test('only a hash of its secret is stored', async () => {
      const { flow, email, token } = await sent(name)
      const rows = await project.ctx.db.selectFrom('codes').selectAll().where('flow_id', '=', flow.id).execute()
      expect(rows.map(({ hash }) => hash)).toEqual([tokenHash(token)])
      const messages = await project.ctx.db
        .selectFrom('courier_messages')
        .selectAll()
        .where('recipient', '=', email)
        .execute()
      expect(JSON.stringify([rows, messages])).not.toContain(token)
    })
  })
})
