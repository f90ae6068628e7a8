import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestProject } from '../../../test/app.ts'
import { formOf, messageIds, openFlows, Person, signedUp } from '../../../test/people.ts'

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, 'x']))

describe('a body with very many values', () => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows('memory')
    project = await app.project()
  })
  afterAll(() => app.close())

  test.each([
    ['JSON', (flow: string) => ({ json: { method: 'password', traits: many(10_001) }, path: flow })],
    [
      'a form',
      (flow: string) => ({
        text: formOf(many(10_001)),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        path: flow,
      }),
    ],
  ])('is refused before it is parsed: %s', async (_, sent) => {
    const person = new Person(project, 'api')
    const { id } = await person.begin('registration')
    const { path, ...request } = sent(`/self-service/registration?flow=${id}`)
    const { status, body } = await person.call('POST', path, request)
    expect([status, messageIds(body)]).toEqual([400, [4000001]])
  })

  test('as JSON in a field of a form is a text', async () => {
    const person = new Person(project, 'api')
    const { id } = await person.begin('registration')
    const text = formOf({ method: 'password', traits: JSON.stringify(many(10_001)) })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { status, body } = await person.call('POST', `/self-service/registration?flow=${id}`, { text, headers })
    expect([status, messageIds(body)]).toEqual([400, [4000001, 4000002]])
  })

  test('shows some of the traits that settings do not know, not all', async () => {
    const { person } = await signedUp(project, 'api')
    const { status, body } = await person.run('settings', { method: 'profile', traits: many(5000) })
    expect(status).toBe(400)
    const unknown = body.ui.nodes.filter((node: { attributes: { name: string } }) =>
      /^traits\.t\d+$/.test(node.attributes.name),
    )
    expect(unknown).toHaveLength(100)
  })
})
