import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dsns, type TestProject } from '../../../test/app.ts'
import { freshEmail, identitiesWith, messageIds, openFlows, Person, password } from '../../../test/people.ts'
import type { TraitField } from '../../identity/index.ts'
import { convertedTraits } from './traits.ts'

describe('a field of a form', () => {
  const fieldOf = (type: string, itemType?: string, format?: string) =>
    ({ name: 'traits.size', type, itemType, format, inputType: 'text', required: false }) as TraitField
  const sizeOf = (given: unknown, field: TraitField) =>
    convertedTraits({ 'traits.size': given }, { fields: [field], structures: new Set() }).size

  test.each([
    ['boolean', '1', true],
    ['boolean', 'T', true],
    ['boolean', 'false', false],
    ['boolean', 'on', 'on'],
    ['boolean', ['false', 'true'], true],
    ['number', '.5', 0.5],
    ['number', '1e3', 1000],
    ['number', '1e999', '1e999'],
    ['integer', '-7', -7],
    ['number', 'seven', 'seven'],
    ['string', '7', '7'],
    ['string', '', undefined],
    ['string', ['first', 'last'], 'last'],
  ] as const)('of the type %s with %j is %j', (type, given, value) => {
    expect(sizeOf(given, fieldOf(type))).toBe(value)
  })

  test.each([
    ['string', 'a', ['a']],
    ['string', ['a', '', 'b'], ['a', 'b']],
    ['string', '', undefined],
    ['string', ['', ''], undefined],
    ['integer', ['1', '2'], [1, 2]],
    ['boolean', 'true', [true]],
    ['string', '["a","b"]', ['a', 'b']],
  ] as const)('that is a list of the type %s with %j is %j', (itemType, given, value) => {
    expect(sizeOf(given, fieldOf('array', itemType))).toEqual(value)
  })

  test.each([
    ['2026-05-01T10:00', '2026-05-01T10:00:00Z'],
    ['2026-05-01T10:00:30', '2026-05-01T10:00:30Z'],
    ['2026-05-01T10:00:00.5', '2026-05-01T10:00:00.5Z'],
    ['2026-05-01T10:00:00+02:00', '2026-05-01T10:00:00+02:00'],
    ['tomorrow', 'tomorrow'],
  ])('that is a time with %s is %s', (given, value) => {
    expect(sizeOf(given, fieldOf('string', undefined, 'date-time'))).toBe(value)
  })
})

const person = {
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          'ory.sh/kratos': { credentials: { password: { identifier: true } } },
        },
        phone: { type: 'string', format: 'tel' },
        website: { type: 'string', format: 'uri', minLength: 8 },
        newsletter: { type: 'boolean' },
        size: { type: 'number' },
        arrival: { type: 'string', format: 'date-time' },
        tags: { type: 'array', items: { type: 'string' } },
        cabins: { type: 'array', items: { type: 'object', properties: { deck: { type: 'integer' } } } },
        name: { type: 'object', properties: { first: { type: 'string' }, last: { type: 'string' } } },
        contact: { oneOf: [{ type: 'string' }, { type: 'object', properties: { kind: { type: 'string' } } }] },
        'ship.name': { type: 'string' },
      },
      required: ['email'],
      additionalProperties: false,
    },
  },
}

describe.each(dsns)('what is submitted, on %s', (_, dsn) => {
  let app: Awaited<ReturnType<typeof openFlows>>
  let project: TestProject
  /** Its schema has fields of every kind. */
  let shaped: TestProject
  beforeAll(async () => {
    app = await openFlows(dsn)
    project = await app.project()
    shaped = await app.project()
    const [schema] = shaped.ctx.config.identitySchemas
    const identitySchemas = [{ ...schema, document: person }]
    Object.assign(shaped.ctx, { config: { ...shaped.ctx.config, identitySchemas } })
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

  /** Each way to submit the fields of a form, given by their dotted names. */
  const ways = {
    form: (fields: Fields) => ({
      text: new URLSearchParams(
        Object.entries(fields).flatMap(([name, given]) => [given].flat().map((one): [string, string] => [name, one])),
      ).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    'flat JSON': (fields: Fields) => ({ json: fields }),
  }
  type Fields = Record<string, string | string[]>

  describe.each(Object.entries(ways))('as %s', (_way, sent) => {
    const signUp = async (fields: Fields) => {
      const person = new Person(shaped, 'api')
      const { id } = await person.begin('registration')
      const email = freshEmail()
      const all = { method: 'password', password, 'traits.email': email, ...fields }
      const answer = await person.call('POST', `/self-service/registration?flow=${id}`, sent(all))
      return { person, email, answer, traits: answer.body.identity?.traits }
    }

    test.each<[string, Fields, object]>([
      ['is absent where it is empty', { 'traits.phone': '', 'traits.website': '', 'traits.tags': '' }, {}],
      [
        'has the type of the schema',
        { 'traits.newsletter': 'true', 'traits.size': '.5' },
        { newsletter: true, size: 0.5 },
      ],
      ['is a list', { 'traits.tags': ['a', 'b'] }, { tags: ['a', 'b'] }],
      ['is a list of one', { 'traits.tags': 'a' }, { tags: ['a'] }],
      ['is a time of a browser', { 'traits.arrival': '2026-05-01T10:00' }, { arrival: '2026-05-01T10:00:00Z' }],
      [
        'is an object',
        { 'traits.name': '{"first":"Ada"}', 'traits.name.last': 'X' },
        { name: { first: 'Ada', last: 'X' } },
      ],
      ['is a list of objects', { 'traits.cabins': '[{"deck":2}]' }, { cabins: [{ deck: 2 }] }],
      ['is a text that might be an object', { 'traits.contact': 'by bell' }, { contact: 'by bell' }],
      ['is an object that might be a text', { 'traits.contact.kind': 'bell' }, { contact: { kind: 'bell' } }],
      ['has a dot in its name', { 'traits.ship\\.name': 'Argo' }, { 'ship.name': 'Argo' }],
    ])('a trait %s', async (_what, fields, expected) => {
      const { email, answer, traits } = await signUp(fields)
      expect([answer.status, messageIds(answer.body)]).toEqual([200, []])
      expect(traits).toEqual({ name: {}, contact: {}, ...expected, email })
    })

    test('all traits as the text of their JSON', async () => {
      const { email, traits } = await signUp({ traits: '{"size":1}', 'traits.name.first': 'Ada' })
      expect(traits).toEqual({ name: { first: 'Ada' }, contact: {}, size: 1, email })
    })

    test('an empty field of a required trait is missing', async () => {
      const { answer } = await signUp({ 'traits.email': '' })
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000002]])
    })

    test('a text and an object for the same trait are refused', async () => {
      const { answer } = await signUp({ 'traits.contact': 'by bell', 'traits.contact.kind': 'bell' })
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000001]])
    })

    test('a settings form empties a field', async () => {
      const { person, email } = await signUp({ 'traits.phone': '+4915126204550', 'traits.tags': ['a', 'b'] })
      const { id } = await person.begin('settings')
      const all = { method: 'profile', 'traits.email': email, 'traits.phone': '', 'traits.tags': ['b', ''] }
      const answer = await person.call('POST', `/self-service/settings?flow=${id}`, sent(all))
      expect(answer.body.identity.traits).toEqual({ name: {}, contact: {}, tags: ['b'], email })
    })

    test('a settings form with a text and an object for the same trait is refused', async () => {
      const { person, email } = await signUp({})
      const { id } = await person.begin('settings')
      const all = {
        method: 'profile',
        'traits.email': email,
        'traits.contact': 'by bell',
        'traits.contact.kind': 'bell',
      }
      const answer = await person.call('POST', `/self-service/settings?flow=${id}`, sent(all))
      // The form also tells that a passkey would have no name.
      expect([answer.status, messageIds(answer.body)]).toEqual([400, [4000009, 4000001]])
    })
  })

  test('as dotted names beside an object completes it', async () => {
    const traits = { email: freshEmail(), name: { first: 'Ada' } }
    const fields = { method: 'password', password, traits, 'traits.name.last': 'Lovelace' }
    const { body } = await new Person(shaped, 'api').run('registration', fields)
    expect(body.identity.traits.name).toEqual({ first: 'Ada', last: 'Lovelace' })
  })

  test('within an object keeps its types', async () => {
    const traits = { email: freshEmail(), newsletter: 'true' }
    const { status, body } = await new Person(shaped, 'api').run('registration', {
      method: 'password',
      password,
      traits,
    })
    expect([status, messageIds(body)]).toEqual([400, [4000026]])
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
