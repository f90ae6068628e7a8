import { describe, expect, it } from 'vitest'
import { messagesOf, schemaOf } from '../../../test/identity-schemas.ts'
import { checkIdentitySchema, compileIdentitySchema, violationReason } from './index.ts'

const draft7 = 'http://json-schema.org/draft-07/schema#'

const person = {
  $id: 'https://example.org/person',
  $schema: draft7,
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          title: 'Address',
          minLength: 3,
          'ory.sh/kratos': {
            credentials: {
              password: { identifier: true },
              webauthn: { identifier: true },
              passkey: { display_name: true },
              totp: { account_name: true },
              code: { identifier: true, via: 'email' },
            },
            verification: { via: 'email' },
            recovery: { via: 'email' },
          },
        },
        phone: {
          type: 'string',
          format: 'tel',
          'ory.sh/kratos': {
            credentials: { code: { identifier: true, via: 'sms' } },
            verification: { via: 'sms' },
            recovery: { via: 'sms' },
          },
        },
        name: { type: 'object', properties: { last: { type: 'string' }, first: { type: 'string' } } },
        tier: { type: 'integer', minimum: 0, maximum: 5 },
        news: { type: 'boolean' },
      },
      required: ['email'],
      additionalProperties: false,
    },
  },
}

describe('identity schema', () => {
  it('accepts traits that fit', () => {
    expect(compileIdentitySchema(person).validate({ email: 'a@example.org', tier: 3, news: true })).toEqual([])
  })

  it('is compiled once for each document', () => {
    expect(compileIdentitySchema(person)).toBe(compileIdentitySchema(person))
  })

  it('extracts identifiers and addresses in their stored form', () => {
    expect(compileIdentitySchema(person).extract({ email: 'Ann@Example.org', phone: '+49 30 123456' })).toEqual({
      identifiers: [
        { type: 'password', value: 'ann@example.org' },
        { type: 'webauthn', value: 'ann@example.org' },
        { type: 'code', via: 'email', value: 'ann@example.org' },
        { type: 'code', via: 'sms', value: '+4930123456' },
      ],
      verification: [
        { via: 'email', value: 'ann@example.org' },
        { via: 'sms', value: '+4930123456' },
      ],
      recovery: [
        { via: 'email', value: 'ann@example.org' },
        { via: 'sms', value: '+4930123456' },
      ],
      labels: { passkey: 'Ann@Example.org', totp: 'Ann@Example.org' },
    })
  })

  it('extracts from lists, references and combined schemas', () => {
    const document = {
      $schema: draft7,
      definitions: { mail: { type: 'string', format: 'email', 'ory.sh/kratos': { verification: { via: 'email' } } } },
      type: 'object',
      properties: {
        traits: {
          allOf: [
            { type: 'object', properties: { mails: { type: 'array', items: { $ref: '#/definitions/mail' } } } },
            { properties: { main: { $ref: '#/definitions/mail', minLength: 100 } } },
          ],
        },
      },
    }
    const schema = compileIdentitySchema(document)
    const traits = { mails: ['a@example.org', 'b@example.org', 'a@example.org'], main: 'c@example.org' }
    expect(schema.validate(traits)).toEqual([])
    expect(schema.extract(traits).verification.map(({ value }) => value)).toEqual([
      'a@example.org',
      'b@example.org',
      'c@example.org',
    ])
  })

  it('lists the fields of forms in the order of the document', () => {
    const fields = compileIdentitySchema(person).fields
    expect(fields.map(({ name, inputType, required }) => [name, inputType, required])).toEqual([
      ['traits.email', 'email', true],
      ['traits.phone', 'tel', false],
      ['traits.name.last', 'text', false],
      ['traits.name.first', 'text', false],
      ['traits.tier', 'number', false],
      ['traits.news', 'checkbox', false],
    ])
    expect(fields[0]).toMatchObject({ title: 'Address', autocomplete: 'email', minLength: 3 })
  })

  it('lists no end of fields for a schema that contains itself', () => {
    const document = schemaOf(
      { $ref: '#/definitions/node' },
      {
        definitions: {
          node: { type: 'object', properties: { name: { type: 'string' }, next: { $ref: '#/definitions/node' } } },
        },
      },
    )
    expect(compileIdentitySchema(document).fields.map(({ name }) => name)).toContain('traits.it.name')
  })

  it('reads draft-04, where limits are exclusive by a flag', () => {
    const document = {
      ...schemaOf({ type: 'number', minimum: 3, exclusiveMinimum: true }),
      $schema: 'http://json-schema.org/draft-04/schema#',
    }
    expect(messagesOf(document, { it: 3 })).toEqual([['traits.it', 4000019, { minimum: 3, actual: 3 }]])
    expect(messagesOf(document, { it: 4 })).toEqual([])
  })

  it('refuses traits with very many values, before each of them is judged', () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`unknown${i}`, 1]))
    const document = schemaOf({ type: 'object', properties: {}, additionalProperties: false })
    const reason = 'This value has more than 4096 members and items.'
    expect(messagesOf(document, { it: many })).toEqual([['traits', 4000001, { reason }]])
    expect(messagesOf(document, { it: [many] })).toEqual([['traits', 4000001, { reason }]])
  })

  it('compares the items of a list by value', () => {
    const document = schemaOf({ type: 'array', uniqueItems: true })
    expect(
      messagesOf(document, {
        it: [
          { a: 1, b: [2] },
          { b: [2], a: 1 },
        ],
      }),
    ).toEqual([['traits.it', 4000025, { index_a: 0, index_b: 1 }]])
    expect(messagesOf(document, { it: [1, '1', [1], { 0: 1 }, null, 'null', true] })).toEqual([])
    expect(messagesOf(schemaOf({ type: 'array', uniqueItems: false }), { it: [1, 1] })).toEqual([])
  })

  it.each([
    ['no address', 4000040],
    ['"a b"@example.org', 4000040],
    ['a@example.org.', 4000040],
    [`${'a'.repeat(65)}@example.org`, 4000040],
    [`${'a'.repeat(400)}@example.org`, 4000017],
  ])('refuses %j where a message would be sent to it', (value, id) => {
    for (const marked of [
      { verification: { via: 'email' } },
      { recovery: { via: 'email' } },
      { credentials: { code: { identifier: true, via: 'email' } } },
    ]) {
      expect(messagesOf(schemaOf({ type: 'string', 'ory.sh/kratos': marked }), { it: value })).toEqual([
        ['traits.it', id, expect.anything()],
      ])
    }
  })

  it.each(['015126204550', '+49'])('refuses %j as a phone number', (value) => {
    const marked = { verification: { via: 'sms' } }
    expect(messagesOf(schemaOf({ type: 'string', format: 'tel', 'ory.sh/kratos': marked }), { it: value })).toEqual([
      ['traits.it', 4000041, { value }],
    ])
  })
})

describe('violations', () => {
  it.each([
    ['a missing trait', {}, [['traits.email', 4000002, { property: 'email' }]]],
    ['a malformed address', { email: 'nonsense' }, [['traits.email', 4000040, { value: 'nonsense' }]]],
    ['a padded address', { email: ' a@example.org ' }, [['traits.email', 4000040, { value: ' a@example.org ' }]]],
    [
      'an address that is malformed and short',
      { email: 'a' },
      [
        ['traits.email', 4000040, { value: 'a' }],
        ['traits.email', 4000003, { min_length: 3, actual_length: 1 }],
      ],
    ],
    [
      'a malformed phone number',
      { email: 'a@example.org', phone: 'call me' },
      [['traits.phone', 4000041, { value: 'call me' }]],
    ],
    [
      'a number that is too large',
      { email: 'a@example.org', tier: 9 },
      [['traits.tier', 4000020, { maximum: 5, actual: 9 }]],
    ],
    [
      'text in place of an integer',
      { email: 'a@example.org', tier: 'gold' },
      [['traits.tier', 4000026, { allowed_types: ['integer'], actual_type: 'string' }]],
    ],
    [
      'a number in place of text',
      { email: 'a@example.org', name: { first: 7 } },
      [['traits.name.first', 4000026, { allowed_types: ['string'], actual_type: 'number' }]],
    ],
    ['traits that are text', 'text', [['traits', 4000026, { allowed_types: ['object'], actual_type: 'string' }]]],
  ])('names %s', (_, traits, expected) => {
    expect(messagesOf(person, traits)).toEqual(expected)
  })

  it('names unknown traits once, on the traits', () => {
    const messages = messagesOf(person, { email: 'a@example.org', shoe: 43, hat: 55 })
    expect(messages.map(([field, id]) => [field, id])).toEqual([['traits', 4000001]])
  })

  it('gives an empty address a reason before its length', () => {
    expect(messagesOf(person, { email: '' }).map(([, id]) => id)).toEqual([4000001, 4000003])
  })

  it.each([
    [{ type: 'string', maxLength: 2 }, 'äöü', 4000017, { max_length: 2, actual_length: 3 }],
    [{ type: 'number', multipleOf: 2 }, 3, 4000022, { base: 2, actual: 3 }],
    [{ type: 'array', maxItems: 1 }, [1, 2], 4000023, { max_items: 1, actual_items: 2 }],
    [{ type: 'array', minItems: 3 }, [1, 2], 4000024, { min_items: 3, actual_items: 2 }],
    [{ type: 'array', uniqueItems: true }, [1, 2, 1], 4000025, { index_a: 0, index_b: 2 }],
    [{ const: 'yes' }, 'no', 4000029, { expected: '"yes"' }],
    [{ const: { a: 1 } }, 'no', 4000030, undefined],
    [{ type: 'number', exclusiveMaximum: 5 }, 5, 4000021, { maximum: 5, actual: 5 }],
    [{ type: ['string', 'null'] }, [], 4000026, { allowed_types: ['string', 'null'], actual_type: 'array' }],
  ])('tells %j of %j', (trait, value, id, context) => {
    expect(messagesOf(schemaOf(trait), { it: value })).toEqual([['traits.it', id, context]])
  })

  it.each(['date', 'date-time', 'uri'])('gives a reason for a malformed %s', (format) => {
    expect(messagesOf(schemaOf({ type: 'string', format }), { it: 'not one' }).map(([, id]) => id)).toEqual([4000001])
  })

  it('refuses an address for recovery that has no format but is none', () => {
    const document = schemaOf({ type: 'string', 'ory.sh/kratos': { recovery: { via: 'email' } } })
    expect(messagesOf(document, { it: 'nobody' })).toEqual([['traits.it', 4000040, { value: 'nobody' }]])
  })

  it('says what is wrong without repeating the value', () => {
    const reason = violationReason(compileIdentitySchema(person).validate({ email: 'my-secret' }))
    expect(reason).toContain('traits.email')
    expect(reason).not.toContain('my-secret')
  })
})

describe('check of an identity schema', () => {
  it.each([
    ['an unknown draft', { ...schemaOf({}), $schema: 'https://json-schema.org/draft/2020-12/schema' }, /draft/],
    ['no traits', { type: 'object', properties: {} }, /traits/],
    ['a keyword of the wrong type', schemaOf({ type: 'strin' }), /type/],
    ['a reference that leads nowhere', schemaOf({ $ref: '#/definitions/none' }), /reference/],
    [
      'a channel that does not exist',
      schemaOf({ type: 'string', 'ory.sh/kratos': { recovery: { via: 'pigeon' } } }),
      /via.*email, sms/,
    ],
    [
      'codes without a channel',
      schemaOf({ type: 'string', 'ory.sh/kratos': { credentials: { code: { identifier: true } } } }),
      /credentials\.code\.via with none in place of email or sms/,
    ],
    ['an unknown extension', schemaOf({ type: 'string', 'ory.sh/kratos': { recover: {} } }), /recover/],
    [
      'SMS verification without a format',
      schemaOf({ type: 'string', 'ory.sh/kratos': { verification: { via: 'sms' } } }),
      /format/,
    ],
  ])('refuses %s', (_, document, expected) => {
    expect(checkIdentitySchema(document).join()).toMatch(expected)
  })

  it('requires no channel for codes where the trait is no identifier', () => {
    for (const code of [{}, { via: 'sms' }, { identifier: false }]) {
      expect(checkIdentitySchema(schemaOf({ type: 'string', 'ory.sh/kratos': { credentials: { code } } }))).toEqual([])
    }
  })

  it('accepts a property that is named like the extension', () => {
    const document = schemaOf({ type: 'object', properties: { 'ory.sh/kratos': { type: 'string' } } })
    expect(checkIdentitySchema(document)).toEqual([])
  })
})
