import { ApiError } from '@latchkey/api'
import { describe, expect, it } from 'vitest'
import { openCondition, parseCondition, requireContext } from './index.ts'

/** An object that is nested so deep, itself included. */
function nested(depth: number): unknown {
  return depth === 0 ? 1 : { inner: nested(depth - 1) }
}

describe('a condition', () => {
  it.each([undefined, null])('may be left out: %s', (open) => {
    expect(parseCondition(open)).toBeUndefined()
  })

  it('is kept and told as it was given', () => {
    const open = { expression: 'level >= least', context: { least: 3, of: ['a', { b: null }] } }
    const condition = parseCondition(open)
    expect(condition).toMatchObject(open)
    expect(openCondition(condition?.text ?? '')).toEqual(open)
  })

  it('has one text however its keys were ordered', () => {
    const one = parseCondition({ expression: 'a', context: { x: { c: 1, d: 2 }, b: [1] } })
    const other = parseCondition({ context: { b: [1], x: { d: 2, c: 1 } }, expression: 'a' })
    expect(one?.text).toBe(other?.text)
    expect(parseCondition({ expression: 'a', context: {} })?.text).toBe(parseCondition({ expression: 'a' })?.text)
  })

  it('keeps keys that JavaScript gives a meaning', () => {
    const context = JSON.parse('{"__proto__":{"admin":true},"constructor":1}')
    const { text } = parseCondition({ expression: 'a', context }) ?? { text: '' }
    expect(text).toBe('{"expression":"a","context":{"__proto__":{"admin":true},"constructor":1}}')
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it.each<[what: string, open: unknown, message: RegExp]>([
    ['a text', 'true', /must be an object/],
    ['a list', ['true'], /must be an object/],
    ['no expression', {}, /must be a text/],
    ['an inherited expression', Object.create({ expression: 'true' }), /must be an object/],
    ['an expression that is no text', { expression: true }, /must be a text/],
    ['a member that is not known', { expression: 'true', contxt: {} }, /no member "contxt"/],
    ['an expression that does not parse', { expression: 'a && && b' }, /line 1, column 3: found &/],
    ['an empty expression', { expression: '' }, /line 1, column 1/],
    ['a long expression', { expression: `true${' '.repeat(1000)}` }, /at most 1000 characters/],
    ['many brackets', { expression: `${'('.repeat(21)}true${')'.repeat(21)}` }, /brackets are nested at most 20 deep/],
    ['brackets that stay open', { expression: '['.repeat(1000) }, /brackets are nested at most 20 deep/],
    ['a long chain', { expression: `a${' + a'.repeat(190)} == a` }, /nested at most 120 deep/],
    ['a function that is not there', { expression: 'launch(a)' }, /no function launch/],
    [
      'a constructed type',
      { expression: 'google.protobuf.Duration{seconds: 1} == a' },
      /no type google.protobuf.Duration/,
    ],
    ['a pattern that is none', { expression: 'a.matches("(")' }, /missing closing/],
    ['a pattern that is too large', { expression: 'a.matches("(?:a?){500}a{500}")' }, /pattern is too large/],
    [
      'patterns that are together too large',
      { expression: Array.from({ length: 6 }, () => 'a.matches("\\\\pL")').join(' || ') },
      /patterns are together too large/,
    ],
    ['a text for an expression', { expression: '"yes"' }, /neither true nor false/],
    ['a list for an expression', { expression: '[true]' }, /neither true nor false/],
    ['a context that is no object', { expression: 'a', context: [] }, /context of a condition must be an object/],
    ['a large context', { expression: 'a', context: { a: 'ü'.repeat(2048) } }, /at most 4096 bytes/],
    ['a deep context', { expression: 'a', context: nested(9) }, /nested at most 8 deep/],
    ['a context that sets the time', { expression: 'a', context: { now: 0 } }, /must not set "now"/],
    ['a context beyond JSON', { expression: 'a', context: { a: 1n } }, /must be JSON/],
    ['a context with a date', { expression: 'a', context: { a: new Date(0) } }, /must be JSON/],
    ['a context with infinity', { expression: 'a', context: { a: Number.POSITIVE_INFINITY } }, /must be JSON/],
  ])('is refused when it is %s', (_, open, message) => {
    const refused = refusalOf(() => parseCondition(open))
    expect([refused.code, refused.message]).toEqual([400, expect.stringMatching(message)])
  })

  it('may be as large as is allowed', () => {
    expect(() => parseCondition({ expression: `a${' '.repeat(999)}`, context: nested(8) })).not.toThrow()
    expect(() => parseCondition({ expression: 'a', context: { a: 'x'.repeat(4088) } })).not.toThrow()
    expect(() => parseCondition({ expression: `a${' || a'.repeat(190)}` })).not.toThrow()
  })
})

describe('the context of a question', () => {
  it('may be left out', () => {
    expect([requireContext(undefined), requireContext(null)]).toEqual([undefined, undefined])
  })

  it('is what was given', () => {
    expect(requireContext({ ip: '10.0.0.1', user: { groups: ['a'] } })).toEqual({
      ip: '10.0.0.1',
      user: { groups: ['a'] },
    })
  })

  it.each<[what: string, value: unknown]>([
    ['a text', '{}'],
    ['a list', []],
    ['too large', { a: 'x'.repeat(17_000) }],
    ['too deep', nested(9)],
    ['about the time', { now: '2026-01-01T00:00:00Z' }],
    ['beyond JSON', { a: () => true }],
  ])('is refused when it is %s', (_, value) => {
    expect(refusalOf(() => requireContext(value)).code).toBe(400)
  })
})

function refusalOf(action: () => unknown): ApiError {
  try {
    action()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('It was not refused.')
}
