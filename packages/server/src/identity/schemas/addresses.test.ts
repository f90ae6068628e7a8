import { describe, expect, it } from 'vitest'
import { compileIdentitySchema, violationMessages } from './index.ts'

const schemaWith = (properties: object) => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { traits: { type: 'object', properties } },
})
const schemaOf = (trait: object) => schemaWith({ it: trait })
const person = schemaWith({ email: { type: 'string', format: 'email' }, phone: { type: 'string', format: 'tel' } })

const messagesOf = (document: object, traits: unknown) =>
  violationMessages(compileIdentitySchema(document).validate(traits)).map(({ field, message }) => [
    field,
    message.id,
    message.context,
  ])

describe('addresses in traits', () => {
  it.each([
    ['a quoted local part', { email: '"a b"@example.org' }, 'traits.email', 4000040],
    ['a dot at the end of the domain', { email: 'a@example.org.' }, 'traits.email', 4000040],
    ['an address that has two @ once it is normalized', { email: 'a\uFE6Bb@example.org' }, 'traits.email', 4000040],
    [
      'a phone number within other text',
      { email: 'a@example.org', phone: 'ann +49 151 26204550' },
      'traits.phone',
      4000041,
    ],
  ])('refuses %s, to which nothing could be sent', (_, traits, field, id) => {
    expect(messagesOf(person, traits)).toEqual([[field, id, expect.anything()]])
  })

  it.each([
    ['email', 'no-validate', 'nobody', 4000040],
    ['email', 'tel', '+4915126204550', 4000040],
    ['email', 'date', '2026-05-01', 4000040],
    ['sms', 'no-validate', 'nobody', 4000041],
  ])('refuses to verify by %s a text of the format %s that is no such address', (via, format, value, id) => {
    const document = schemaOf({ type: 'string', format, 'ory.sh/kratos': { verification: { via } } })
    expect(messagesOf(document, { it: value })).toEqual([['traits.it', id, { value }]])
  })

  it('leaves a number that is not validated as it is', () => {
    const document = schemaOf({
      type: 'string',
      format: 'no-validate',
      'ory.sh/kratos': { verification: { via: 'sms' } },
    })
    const { validate, extract } = compileIdentitySchema(document)
    expect([validate({ it: ' 4020 ' }), extract({ it: ' 4020 ' }).verification]).toEqual([
      [],
      [{ via: 'sms', value: '4020' }],
    ])
  })

  it.each([
    [{ via: 'email' }, 'ann', 4000040],
    [{ via: 'sms' }, 'ann', 4000041],
    [{ via: 'email' }, '+4915126204550', 4000040],
    [{ via: 'sms' }, 'a@example.org', 4000041],
  ])('refuses codes %j to %s', (channel, value, id) => {
    const document = schemaOf({
      type: 'string',
      'ory.sh/kratos': { credentials: { code: { identifier: true, ...channel } } },
    })
    expect(messagesOf(document, { it: value })).toEqual([['traits.it', id, { value }]])
  })
})

it('reports an address without a format once, however many uses of it refuse it', () => {
  const uses = {
    credentials: { code: { identifier: true, via: 'email' } },
    verification: { via: 'email' },
    recovery: { via: 'email' },
  }
  const document = schemaOf({ type: 'string', 'ory.sh/kratos': uses })
  expect(compileIdentitySchema(document).validate({ it: 'nobody' })).toHaveLength(1)
})
