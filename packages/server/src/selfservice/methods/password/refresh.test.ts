import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFlows, Person, password, signedUp } from '../../../../test/people.ts'

let app: Awaited<ReturnType<typeof openFlows>>
beforeAll(async () => {
  app = await openFlows('memory')
})
afterAll(() => app.close())

const projectWith = (passwordless: boolean) =>
  app.project((identity) => {
    const { methods } = identity.selfservice
    const code = { ...methods.code, passwordless_enabled: passwordless }
    return { ...identity, selfservice: { ...identity.selfservice, methods: { ...methods, code } } }
  })
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
const identifierOf = (flow: any) => flow.ui.nodes.find((node: any) => node.attributes.name === 'identifier').attributes

test.each(['api', 'browser'] as const)('signing in again fills in the identifier and hides it (%s)', async (kind) => {
  const { person, email } = await signedUp(await projectWith(false), kind)
  const flow = await person.begin('login', '?refresh=true')
  expect(identifierOf(flow)).toMatchObject({ type: 'hidden', value: email })
  const wrong = await person.submit('login', flow, { method: 'password', identifier: email, password: 'not this one' })
  expect(identifierOf(wrong.body)).toMatchObject({ type: 'hidden', value: email })
  const right = await person.submit('login', flow, { method: 'password', identifier: email, password })
  expect([right.status, await person.whoami()]).toEqual([200, email])
})

test('the identifier is asked for where a code can be sent instead, and of people who are not signed in', async () => {
  const { person } = await signedUp(await projectWith(true), 'api')
  expect(identifierOf(await person.begin('login', '?refresh=true'))).toMatchObject({ type: 'text', value: '' })
  const stranger = new Person(await projectWith(false), 'api')
  expect(identifierOf(await stranger.begin('login', '?refresh=true'))).toMatchObject({ type: 'text', value: '' })
})
