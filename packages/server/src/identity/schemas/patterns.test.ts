import { describe, expect, it } from 'vitest'
import { messagesOf, schemaOf } from '../../../test/identity-schemas.ts'
import { checkIdentitySchema, compileIdentitySchema } from './index.ts'

describe('patterns of an identity schema', () => {
  it('runs patterns in linear time, in properties, names of properties and lists', () => {
    const pattern = "^([a-zA-Z]+[ '-]?)*$"
    const document = schemaOf({
      type: 'object',
      properties: { name: { type: 'string', pattern }, tags: { type: 'array', items: { type: 'string', pattern } } },
      patternProperties: { '^(x+)+y$': { type: 'number' } },
    })
    const value = `${'a'.repeat(100)}!`
    const traits = { it: { name: value, tags: Array(100).fill(value), [`${'x'.repeat(100)}z`]: 1 } }
    expect(new Set(messagesOf(document, traits).map(([, id]) => id))).toEqual(new Set([4000004]))
    expect(messagesOf(document, { it: { name: 'a'.repeat(1_000_000) } })).toEqual([
      ['traits.it.name', 4000004, { pattern }],
    ])
  })

  it('has enough steps for each validation, however many there were before', () => {
    const document = schemaOf({ type: 'string', pattern: '^(.*a)*$' })
    for (let i = 0; i < 100; i++) expect(messagesOf(document, { it: 'xa'.repeat(1000) })).toEqual([])
  })

  it.each(['(?=a)', '(?!a)', '(?<=a)', '(a)\\1', '[a', '\\u0041'])('refuses the pattern %j, as Go does', (pattern) => {
    const [mistake] = checkIdentitySchema(schemaOf({ type: 'string', pattern }))
    expect(mistake).toContain(`the pattern ${JSON.stringify(pattern)}, which is not one of Go (RE2)`)
    expect(
      checkIdentitySchema(schemaOf({ type: 'object', patternProperties: { [pattern]: { type: 'string' } } })),
    ).toHaveLength(1)
  })

  it('takes patterns as Go means them', () => {
    const document = schemaOf({ type: 'string', pattern: '(?i)^[a-z\\-]+$' })
    expect(messagesOf(document, { it: 'A-B' })).toEqual([])
    expect(messagesOf(document, { it: '7' })).toEqual([['traits.it', 4000004, { pattern: '(?i)^[a-z\\-]+$' }]])
  })

  it.each([
    [String.raw`\Aab+\z`, ['abb'], ['xab', 'ab\n']],
    ['^[[:alpha:]]+$', ['Pier'], ['Pier7', '[:']],
    [String.raw`^\pL+$`, ['Häfen'], ['7', 'a b']],
    [String.raw`^\Qa.b\E$`, ['a.b'], ['axb']],
    [String.raw`^\x{41}$`, ['A'], ['x']],
    ['^(?P<first>a)b$', ['ab'], ['b']],
    ['a', ['bab'], ['b']],
  ] as [string, string[], string[]][])('takes the pattern %s as Go does', (pattern, fitting, others) => {
    const document = schemaOf({ type: 'string', pattern })
    for (const it of fitting) expect(messagesOf(document, { it })).toEqual([])
    for (const it of others) expect(messagesOf(document, { it })).toHaveLength(1)
  })

  it.each(['a(?=b)', String.raw`(a)\1`, '[', 'a{1001}'])('refuses the pattern %s, as Go does', (pattern) => {
    expect(() => compileIdentitySchema(schemaOf({ type: 'string', pattern }))).toThrow(/not one of Go/)
    const document = schemaOf({ type: 'object', patternProperties: { [pattern]: { type: 'string' } } })
    expect(() => compileIdentitySchema(document)).toThrow(/not one of Go/)
  })

  it('matches patterns in linear time, also of names of members', () => {
    const pattern = "^([a-zA-Z]+[ '-]?)*$"
    const text = `${'a'.repeat(2000)}!`
    expect(messagesOf(schemaOf({ type: 'string', pattern }), { it: text })).toHaveLength(1)
    const document = schemaOf({ type: 'object', patternProperties: { [pattern]: {} }, additionalProperties: false })
    expect(messagesOf(document, { it: { [text]: 1 } })).toHaveLength(1)
  })
})
