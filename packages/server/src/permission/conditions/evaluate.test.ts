import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ConditionOutcome, evaluateCondition, newAllowance, parseCondition } from './index.ts'

const now = new Date('2026-03-29T02:30:15.250Z')

interface Given {
  asked?: Record<string, unknown>
  kept?: Record<string, unknown>
}

function outcome(expression: string, { asked, kept }: Given = {}): ConditionOutcome {
  const condition = parseCondition({ expression, context: kept })
  return evaluateCondition(condition?.text ?? '', { asked, now, allowance: newAllowance() })
}

describe('a condition', () => {
  it.each<[expression: string, asked: Record<string, unknown>]>([
    ['role in ["admin", "owner"]', { role: 'owner' }],
    ['"staff" in groups && !suspended', { groups: ['staff', 'crew'], suspended: false }],
    ['groups.exists(g, g.startsWith("eu-"))', { groups: ['us-1', 'eu-1'] }],
    ['user.level >= 3 && user.level == 3', { user: { level: 3 } }],
    ['has(user.badge) ? user.badge == "gold" : true', { user: {} }],
    ['ip.in_cidr("10.0.0.0/8")', { ip: '10.20.30.40' }],
    ['ip.in_cidr("10.0.0.0/8")', { ip: '::ffff:10.20.30.40' }],
    ['ip.in_cidr("2001:db8::/32")', { ip: '2001:db8::7' }],
    ['mail.endsWith("@example.org") && mail.matches("^[a-z.]+@")', { mail: 'ada.l@example.org' }],
    ['now < timestamp(until)', { until: '2026-03-29T02:30:15.251Z' }],
    ['now - timestamp(granted) <= duration("1h")', { granted: '2026-03-29T01:30:16Z' }],
    ['timestamp(1) == timestamp("1970-01-01T00:00:01Z")', {}],
    ['rates.map(r, r * 2.0).filter(r, r > 1.0) == [2.0, 4.0]', { rates: [0.5, 1, 2] }],
    ['([1] + [2])[1] == 2', {}],
  ])('holds: %s', (expression, asked) => {
    expect(outcome(expression, { asked })).toBe('yes')
  })

  it.each<[expression: string, asked: Record<string, unknown>]>([
    ['role in ["admin", "owner"]', { role: 'guest' }],
    ['ip.in_cidr("10.0.0.0/8")', { ip: '11.0.0.1' }],
    ['ip.in_cidr("10.0.0.0/8")', { ip: '2001:db8::7' }],
    ['now < timestamp(until)', { until: '2026-03-29T02:30:15Z' }],
    ['level == "3"', { level: 3 }],
    ['has(user.constructor)', { user: {} }],
  ])('does not hold: %s', (expression, asked) => {
    expect(outcome(expression, { asked })).toBe('no')
  })

  it.each([
    ['age >= 18', ['age']],
    ['!member', ['member']],
    ['a && b', ['a', 'b']],
    ['has(user.badge)', ['user']],
    ['[1, 2].exists(x, x == wanted)', ['wanted']],
    ['constructor == toString', ['constructor']],
    ['__proto__ == null', ['__proto__']],
  ])('tells what is missing: %s', (expression, missing) => {
    expect(outcome(expression)).toEqual({ missing })
  })

  it('is decided without a missing value where that does not matter, on either side', () => {
    expect(outcome('true || missing')).toBe('yes')
    expect(outcome('missing == 1 || true')).toBe('yes')
    expect(outcome('missing && false')).toBe('no')
  })

  it.each<[expression: string, asked: Record<string, unknown>]>([
    ['level > 3', { level: 'four' }],
    ['user.badge == "gold"', { user: {} }],
    ['user.constructor.name == "Object"', { user: {} }],
    ['list[7] == 1', { list: [1] }],
    ['1 / 0 == 1', {}],
    ['ip.in_cidr("10.0.0.0/8")', { ip: 'here' }],
    ['now.getHours("Nowhere") == 1', {}],
    ['timestamp(until) > now', { until: 'tomorrow' }],
    ['value', { value: 'true' }],
    ['1 + 1', {}],
  ])('is neither true nor false where it fails: %s', (expression, asked) => {
    expect(outcome(expression, { asked })).toEqual({ fault: expect.any(String) })
  })

  it('takes what is kept with the tuple before what is asked with', () => {
    expect(outcome('level >= 3', { kept: { level: 5 }, asked: { level: 1 } })).toBe('yes')
    expect(outcome('level >= 3', { kept: { level: 1 }, asked: { level: 5 } })).toBe('no')
    expect(outcome('level >= least', { kept: { least: 3 }, asked: { level: 4 } })).toBe('yes')
  })

  it('takes the time and the types of the language from nobody', () => {
    expect(outcome('now == timestamp("2026-03-29T02:30:15.250Z")', { asked: { now: '1999-01-01T00:00:00Z' } })).toBe(
      'yes',
    )
    expect(outcome('type(level) == int', { asked: { level: 'x', int: 'string' } })).toBe('no')
    expect(outcome('type == "plan" && list == [1.0]', { asked: { type: 'plan', list: [1] } })).toBe('yes')
    expect(outcome('user.level == 1', { asked: { 'user.level': 1, user: { level: 2 } } })).toBe('no')
  })

  it('sees keys that JavaScript gives a meaning as any others', () => {
    const asked = JSON.parse('{"user":{"__proto__":{"admin":true},"constructor":null}}')
    expect(outcome('user.__proto__.admin && user["constructor"] == null', { asked })).toBe('yes')
    expect(outcome('has(user.admin)', { asked })).toBe('no')
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('times of day', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each(['UTC', 'Europe/Berlin', 'America/New_York'])('are the same on a server in %s', (zone) => {
    vi.stubEnv('TZ', zone)
    const holding = [
      'now.getHours() == 2 && now.getMinutes() == 30 && now.getSeconds() == 15 && now.getMilliseconds() == 250',
      'now.getHours("Europe/Berlin") == 4 && now.getHours("+05:30") == 8 && now.getHours("-03:00") == 23',
      'now.getFullYear() == 2026 && now.getMonth() == 2 && now.getDate() == 29 && now.getDayOfMonth() == 28',
      'now.getDayOfWeek() == 0 && now.getDayOfWeek("America/New_York") == 6 && now.getDayOfYear() == 87',
    ]
    expect(holding.map((expression) => outcome(expression))).toEqual(holding.map(() => 'yes'))
  })
})

describe('the cost of a condition', () => {
  const list = Array.from({ length: 1500 }, () => 1)
  const text = 'a'.repeat(4000)

  it.each<[expression: string]>([
    ['list.exists(x, list.exists(y, x + y == 0.0))'],
    ['list.all(x, list.all(y, true))'],
    ['list.exists(x, list.exists(y, true) && false)'],
    ['list.map(x, x).map(x, [x, x]).exists(x, x == [2.0])'],
    ['list.exists(x, text.contains("b"))'],
    ['text.matches("(?:a?){100}a{100}b")'],
    ['list.exists(x, text.matches("[a-z]+b"))'],
  ])('ends %s', (expression) => {
    const refusal = { fault: 'the condition is too costly' }
    expect(outcome(expression, { asked: { list, text } })).toEqual(refusal)
  })

  it.each<[what: string, pattern: string, refusal: RegExp]>([
    ['a long pattern', text, /pattern is too large/],
    ['counted repetitions', '(?:(?:abc){9}){90}', /pattern is too large/],
    ['many repetitions', 'x{500}'.repeat(10), /pattern is too large/],
    ['a large class that ignores case', '(?i)[B-\u{1e942}]', /pattern is too large/],
    ['such a class by escapes', '(?s-mi)[^\\x{42}-\\x{1E942}]'.replace('s-mi', 'is-m'), /pattern is too large/],
    ['many classes that ignore case', `(?i)${'\\W'.repeat(990)}x{300}`, /pattern is too large/],
    ['many ranges that ignore case', `(?i)${'[aeiou\\W]'.repeat(230)}x{1000}`, /pattern is too large/],
    ['many Unicode classes', `(?i)${'\\p{Lu}'.repeat(2000)}1`, /pattern is too large/],
  ])('refuses %s from the request or the tuple', (_, pattern, refusal) => {
    const told = { fault: expect.stringMatching(refusal) }
    expect(outcome('"a".matches(p)', { asked: { p: pattern } })).toEqual(told)
    if (pattern.length < 4000) expect(outcome('"a".matches(p)', { kept: { p: pattern } })).toEqual(told)
  })

  it('leaves patterns of usual sizes alone', () => {
    const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
    const id = '0d8f3a52-6f5e-4c3e-9d2b-7a1c5e9f0b34'
    expect(outcome('id.matches(p)', { asked: { id, p: uuid } })).toBe('yes')
    expect(outcome(`id.matches("${uuid}")`, { asked: { id } })).toBe('yes')
    expect(outcome('name.matches(p)', { asked: { name: 'ÄRGER', p: '^(?i)[a-zß-ÿ]{1,100}$' } })).toBe('yes')
    expect(outcome('name.matches("^\\\\p{Lu}\\\\p{Ll}*$")', { asked: { name: 'Ärger' } })).toBe('yes')
    expect(outcome('name.matches(p)', { asked: { name: 'Ä', p: '^\\p{Lu}*$' } })).toBe('yes')
  })

  it('includes each pattern of the request, by what it becomes', () => {
    const patterns = Array.from({ length: 5 }, (_, i) => `(?i)${'\\W'.repeat(500)}${i}`)
    const given = (count: number) => ({ asked: { patterns: patterns.slice(0, count) } })
    // The library needs about 10 ms to compile each of them.
    expect(outcome('patterns.exists(p, "a".matches(p))', given(1))).toBe('no')
    expect(outcome('patterns.exists(p, "a".matches(p))', given(5))).toEqual({ fault: 'the condition is too costly' })
  })

  it('includes each Unicode class of the request, as its ranges are many', () => {
    const given = (count: number) => ({ asked: { patterns: Array.from({ length: count }, (_, i) => `\\pL${i}`) } })
    expect(outcome('patterns.exists(p, "a".matches(p))', given(4))).toBe('no')
    expect(outcome('patterns.exists(p, "a".matches(p))', given(5))).toEqual({ fault: 'the condition is too costly' })
  })

  it('includes matches by the steps that they take', () => {
    const given = { asked: { text } }
    expect(outcome('text.matches("^a+$")', given)).toBe('yes')
    expect(outcome('text.matches("^b{1,500}$")', given)).toBe('no')
    expect(outcome('text.matches("a{1,500}b")', given)).toEqual({ fault: 'the condition is too costly' })
  })

  it('is counted together for all conditions of one question', () => {
    const { text: condition } = parseCondition({ expression: 'list.exists(x, list.exists(y, y == 2.0))' }) ?? {
      text: '',
    }
    const circumstances = { asked: { list }, now, allowance: newAllowance() }
    const told = Array.from({ length: 12 }, () => evaluateCondition(condition, circumstances))
    expect(told.at(0)).toEqual({ fault: 'the condition is too costly' })
    expect(told.at(-1)).toEqual({ fault: 'the conditions are together too costly' })
    const { text: cheap } = parseCondition({ expression: 'list[0] == 1.0' }) ?? { text: '' }
    expect(evaluateCondition(cheap, circumstances)).toEqual(told.at(-1))
    expect(evaluateCondition(cheap, { ...circumstances, allowance: newAllowance() })).toBe('yes')
  })

  it('starts anew with each question', () => {
    const asked = { list: Array.from({ length: 500 }, (_, i) => i) }
    for (let i = 0; i < 20; i++) expect(outcome('list.exists(x, x == 499)', { asked })).toBe('yes')
  })
})

it('never throws and never takes a fault for a yes, whatever comes with the question', () => {
  const expressions = [
    'a == b',
    'a < b',
    'a.b == 1',
    'a["b"] in b',
    'a.exists(x, x == b)',
    'a.all(x, x.b)',
    'a + b == a',
    'a.matches(b)',
    'a.in_cidr(b)',
    'timestamp(a) < now',
    'now.getHours(a) == b',
    'duration(a) > duration("1s")',
    'int(a) == 1',
    'size(a) > 1 || !b',
    'a ? b : !a',
    'has(a.constructor) && a.__proto__',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...expressions),
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'now'), fc.jsonValue({ depthSize: 'small' })),
      (expression, asked) => {
        const told = outcome(expression, { asked })
        if (typeof told === 'string') expect(['yes', 'no']).toContain(told)
        else expect(Object.keys(told)).toHaveLength(1)
        // Whatever it is, its negation is the opposite or as unknown as before.
        const opposite = outcome(`!(${expression})`, { asked })
        if (told === 'yes') expect(opposite).toBe('no')
        else if (told === 'no') expect(opposite).toBe('yes')
        else expect(typeof opposite).toBe('object')
      },
    ),
    { numRuns: 3000 },
  )
})
