import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { freshEmail, identitiesWith, messageIds, openFlows, Person, password } from '../../../test/people.ts'
import { convertedTraits } from './traits.ts'

describe('a field of a form', () => {
  test.each([
    ['boolean', '1', true],
    ['boolean', 'T', true],
    ['boolean', 'false', false],
    ['boolean', 'on', 'on'],
    ['number', '.5', 0.5],
    ['number', '1e3', 1000],
    ['integer', '-7', -7],
    ['number', 'seven', 'seven'],
    ['string', '7', '7'],
    ['string', '', undefined],
  ] as const)('of the type %s with the text %s', (type, text, value) => {
    const field = { name: 'traits.size', type, inputType: 'text', required: false } as const
    const traits = convertedTraits({ body: { traits: { size: text } }, isForm: true }, [field])
    expect(traits.size).toBe(value)
  })
})

describe.each(dsns)('what is submitted, on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
  })
  afterAll(() => app.close())

  const form = (person: Person, flow: { id: string }, text: string) =>
    person.call('POST', `/self-service/registration?flow=${flow.id}`, {
      text,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  const signUpForm = async (fields: Record<string, string>) => {
    const person = new Person(project, 'api')
    const text = new URLSearchParams({ method: 'password', password, ...fields }).toString()
    return form(person, await person.begin('registration'), text)
  }

  test('in a form counts only where the schema has a field and something was filled in', async () => {
    const email = freshEmail()
    const { status } = await signUpForm({ 'traits.email': email, 'traits.name.first': '', 'traits.unknown': 'x' })
    const [{ traits }] = await identitiesWith(project, email)
    expect([status, traits.name?.first, traits.unknown]).toEqual([200, undefined, undefined])
  })

  test('as JSON is taken as it is', async () => {
    const flow = { method: 'password', password, traits: { email: freshEmail(), unknown: 'x' } }
    const { status, body } = await new Person(project, 'api').run('registration', flow)
    expect([status, messageIds(body).length]).toEqual([400, 1])
  })

  test('with a dot in the name of a field that is no trait is not that field', async () => {
    const person = new Person(project, 'api')
    const flow = await person.begin('registration')
    const { status, body } = await form(person, flow, `method=password&traits.email=${freshEmail()}&password.a=1`)
    expect([status, messageIds(body)]).toEqual([400, [4000002]])
  })

  test('without a body is reported in the form', async () => {
    const person = new Person(project, 'api')
    const { status, body } = await form(person, await person.begin('registration'), '')
    expect([status, messageIds(body)]).toEqual([400, [4000001]])
  })

  test.each([
    ['recovery', 4010005],
    ['verification', 4000001],
  ] as const)('a method that %s does not know makes none active', async (name, message) => {
    const app = new Person(project, 'api')
    const flow = await app.begin(name)
    const refused = await app.submit(name, flow, { method: 'pigeon', email: freshEmail() })
    expect([refused.status, messageIds(refused.body)]).toEqual([400, [message]])
    const shown = (await app.call('GET', `/self-service/${name}/flows?id=${flow.id}`)).body
    expect(shown.active).toBe(name === 'recovery' ? 'default' : 'code')
  })

  test.each(['recovery', 'verification'] as const)('%s of an app is not carried on by a browser', async (name) => {
    const flow = await new Person(project, 'api').begin(name)
    const browser = new Person(project)
    await browser.begin(name)
    const refused = await browser.submit(name, flow, { method: 'code', email: freshEmail() })
    expect(refused.status).toBe(400)
    if (name === 'verification') expect(messageIds(refused.body)).toEqual([4000001])
    else {
      const [next] = refused.body.error.details.continue_with
      expect(next).toMatchObject({ action: 'show_recovery_ui' })
      expect(refused.body.error.details['found cookies']).toHaveLength(1)
    }
  })
})
