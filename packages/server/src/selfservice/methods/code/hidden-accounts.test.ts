import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../../test/app.ts'
import { codeFor, freshEmail, messageIds, openFlows, Person, signedUp } from '../../../../test/people.ts'
import { listMailbox } from '../../../courier/index.ts'

describe.each(dsns)('sign-in by code with mitigation of account enumeration on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project(({ security, selfservice, ...identity }) => {
      const { methods } = selfservice
      const code = { ...methods.code, passwordless_enabled: true }
      return {
        ...identity,
        security: { ...security, account_enumeration: { mitigate: true } },
        selfservice: { ...selfservice, methods: { ...methods, code } },
      }
    })
  })
  afterAll(() => app.close())

  /** Asks for a code, and enters a wrong one. Gives the responses without what differs between any two flows. */
  async function answersFor(identifier: string, kind: 'api' | 'browser') {
    const person = new Person(project, kind)
    const flow = await person.begin('login')
    const sent = await person.submit('login', flow, { method: 'code', identifier })
    const wrong = await person.submit('login', flow, { method: 'code', identifier, code: '000000', resend: '' })
    return [sent, wrong].map(({ status, body }) => ({
      status,
      ids: messageIds(body),
      state: body.state,
      text: JSON.stringify({ ...body.ui, action: '' })
        .replaceAll(identifier, 'IDENTIFIER')
        .replaceAll(/"value":"[A-Za-z0-9+/]{86}=="/g, '"value":"CSRF TOKEN"'),
    }))
  }

  test.each(['api', 'browser'] as const)('answers known and unknown accounts alike (%s)', async (kind) => {
    const { email } = await signedUp(project, 'api')
    const stranger = freshEmail('stranger')
    const [known, unknown] = [await answersFor(email, kind), await answersFor(stranger, kind)]
    expect(unknown).toEqual(known)
    expect(known.map(({ ids, state }) => [ids, state])).toEqual([
      [[1010014], 'sent_email'],
      [[4010008], 'sent_email'],
    ])
    expect(await listMailbox(project.ctx, { to: stranger })).toEqual([])
  })

  test('keeps the field of the identifier as the form had it when another code is sent', async () => {
    const { email } = await signedUp(project, 'api')
    const person = new Person(project, 'api')
    const flow = await person.begin('login')
    const field = async (fields: Record<string, string>) => {
      const { body } = await person.submit('login', flow, { method: 'code', identifier: email, ...fields })
      const node = body.ui.nodes.find((one: { attributes: { name?: string } }) => one.attributes.name === 'identifier')
      return [node.attributes.type, node.attributes.value, node.attributes.required, node.meta.label?.id]
    }
    expect(await field({})).toEqual(['hidden', email, true, 1070002])
    expect(await field({ code: '000000' })).toEqual(['hidden', email, undefined, undefined])
    expect(await field({ resend: 'code' })).toEqual(['hidden', email, undefined, undefined])
  })

  test('signs nobody in with a code that was sent to somebody else', async () => {
    const { email } = await signedUp(project, 'api')
    const person = new Person(project, 'api')
    const flow = await person.begin('login')
    await person.submit('login', flow, { method: 'code', identifier: email })
    const code = await codeFor(project.ctx, email)
    const identifier = freshEmail('stranger')
    const answer = await person.submit('login', flow, { method: 'code', identifier, code })
    expect([answer.status, messageIds(answer.body)]).toEqual([400, [4010008]])
    expect(await person.whoami()).toBeUndefined()
  })
})
