import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshEmail, openFlows, Person, password } from '../../test/people.ts'
import { loadCourier } from '../courier/index.ts'
import { listMailbox } from '../courier/mailbox.ts'

const source = `base64://${Buffer.from('{{ .TransientPayload.shop }} {{ .To }}').toString('base64')}`
const valid = { valid: { email: { body: { plaintext: source } } } }

describe.each(['code', 'link'] as const)('the transient payload of a submission, with verification by %s', (use) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: Awaited<ReturnType<typeof app.project>>
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project((identity) => {
      const { selfservice, courier } = identity
      const flows = { ...selfservice.flows, verification: { ...selfservice.flows.verification, use } }
      const methods = { ...selfservice.methods, link: { ...selfservice.methods.link, enabled: true } }
      const templates = { verification: valid, verification_code: valid }
      return {
        ...identity,
        selfservice: { ...selfservice, flows, methods },
        courier: { ...courier, templates },
      } as typeof identity
    })
    expect(
      await loadCourier(project.ctx.config.identity.courier, { folder: undefined, fetch: project.ctx.fetch }),
    ).toEqual([])
  })
  afterAll(() => app.close())

  const lastMail = async (to: string) => (await listMailbox(project.ctx, { to, limit: 1 }))[0]?.text
  const payload = { transient_payload: { shop: 'Harbour' } }

  test('of a sign-up is in the mail that verifies the address', async () => {
    const email = freshEmail()
    await new Person(project, 'api').signUp(email, payload)
    expect(await lastMail(email)).toBe(`Harbour ${email}`)
  })

  test('of a change of the address is in the mail that verifies the new one', async () => {
    const [email, next] = [freshEmail(), freshEmail()]
    const person = new Person(project, 'api')
    await person.signUp(email, { password })
    await person.run('settings', { method: 'profile', traits: { email: next }, ...payload })
    expect(await lastMail(next)).toBe(`Harbour ${next}`)
  })

  test('of a verification is in its mail, and not in the answer', async () => {
    const email = freshEmail()
    const person = new Person(project, 'api')
    await person.signUp(email)
    const answer = await person.run('verification', { method: use, email, ...payload })
    expect([answer.status, answer.body.transient_payload]).toEqual([200, undefined])
    expect(await lastMail(email)).toBe(`Harbour ${email}`)
  })
})
