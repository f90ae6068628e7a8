import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it, vi } from 'vitest'
import { cachedPattern, Pattern, PatternCostError, PatternError, patternFault } from './pattern.ts'

const plenty = () => ({ steps: 10_000_000 })
const matches = (source: string, text: string) => Pattern.compile(source).test(text, plenty())

describe('patterns', () => {
  it.each([
    ['\\A[a-z]+\\z', 'abc', true],
    ['\\A[a-z]+\\z', 'abc\n', false],
    ['^abc$', 'abc\n', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['^[[:alpha:]]+$', 'abc', true],
    ['^[[:alpha:]]+$', 'a1c', false],
    ['^\\pL+$', 'Zoë', true],
    ['^\\p{Greek}+$', 'αβγ', true],
    ['^\\PL+$', '123', true],
    ['^\\Qa.b\\E$', 'a.b', true],
    ['^\\Qa.b\\E$', 'axb', false],
    ['^\\x{41}$', 'A', true],
    ['^\\x{1F600}$', '😀', true],
    ['^.$', '😀', true],
    ['^(?P<name>a)$', 'a', true],
    ['^(?<name>a)$', 'a', true],
    ['(?i)^straße$', 'STRAßE', true],
    ['(?i)^ς$', 'Σ', true],
    ['(?s)^a.b$', 'a\nb', true],
    ['^a.b$', 'a\nb', false],
    ['\\bcat\\b', 'a cat.', true],
    ['\\bcat\\b', 'concat', false],
    ['\\Bcat', 'concat', true],
    ['^\\d+$', '٣', false],
    ['', '', true],
    ['b', 'abc', true],
    ['a{2,3}', 'xaax', true],
  ])('%j of %j is %j', (source, text, expected) => expect(matches(source, text)).toBe(expected))

  it.each([
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?<!a)b', 'invalid named capture: `(?<!a)b`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['\\u0041', 'invalid escape sequence: `\\u`'],
    ['a++', 'invalid nested repetition operator: `++`'],
    ['[a', 'missing closing ]: `[a`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
  ])('refuses %j', (source, message) => {
    expect(() => Pattern.compile(source)).toThrow(new PatternError(message))
    expect(patternFault(source)).toBe(message)
  })

  it.each([
    ['long', 'x'.repeat(16 * 1024 + 1)],
    ['much repeated', 'a{1000}'.repeat(200)],
    ['large when compiled', 'a{1000}'.repeat(60)],
  ])('refuses a pattern that is %s', (_, source) => expect(patternFault(source)).toBe('the pattern is too large'))

  it('match as the library does', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b',
        '\\n',
        '.',
        '[ab]',
        '[^a]',
        '\\w',
        '\\W',
        '\\b',
        '\\B',
        '^',
        '$',
        '\\A',
        '\\z',
        '(?:a|b)',
        'é',
        '\\pL',
      ],
      ...['(?:a|)', '(?i:A)', '(?m:^)', '(?m:$)', '(?s:.)', '(a|ab)', '(?:x)'],
    )
    const repeated = fc
      .tuple(piece, fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
      .map(([inner, times]) => `(?:${inner})${times}`)
    const pattern = fc.array(repeated, { maxLength: 6 }).map((parts) => parts.join(''))
    const text = fc.array(fc.constantFrom('a', 'b', 'A', '\n', 'é', '_', ' ', '😀', 'x'), { maxLength: 12 })
    fc.assert(
      fc.property(
        pattern,
        text.map((letters) => letters.join('')),
        (source, letters) => {
          expect(matches(source, letters)).toBe(RE2JS.compile(source).test(letters))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('take their Unicode classes from tables, without a pass over all code points', () => {
    const counted = [
      vi.spyOn(RegExp.prototype, 'test'),
      vi.spyOn(String, 'fromCodePoint'),
      vi.spyOn(String.prototype, 'codePointAt'),
      vi.spyOn(String.prototype, 'toLowerCase'),
    ]
    for (const name of ['L', 'Cn', 'Lu', 'Greek', 'Unknown']) {
      for (const source of [`\\p{${name}}`, `[^\\p{${name}}]`, `(?i)[\\p{${name}}x]`]) Pattern.compile(source)
    }
    const calls = counted.reduce((sum, { mock }) => sum + mock.calls.length, 0)
    vi.restoreAllMocks()
    expect(calls).toBeLessThan(20_000)
  })

  it('take steps in proportion to the text, whatever the pattern', () => {
    const stepsFor = (source: string, length: number) => {
      const meter = plenty()
      Pattern.compile(source).test(`${'a'.repeat(length)}!`, meter)
      return plenty().steps - meter.steps
    }
    for (const source of ["^([a-zA-Z]+[ '-]?)*$", '^(a+)+$', '^(a|aa)+$', '(.*)*x', '^(a?){30}a{30}$']) {
      expect(stepsFor(source, 2000)).toBeLessThan(3 * stepsFor(source, 1000))
    }
  })

  it('stop when the steps are used up, and match again later', () => {
    const pattern = Pattern.compile('^(.*a)*$')
    expect(() => pattern.test('b'.repeat(1000), { steps: 500 })).toThrow(PatternCostError)
    expect(pattern.test('ba', plenty())).toBe(true)
  })

  it('are cached by their size', () => {
    expect(cachedPattern('^a+$')).toBe(cachedPattern('^a+$'))
    expect(Pattern.compile('\\pL{1000}').bytes).toBeLessThan(400_000)
    expect(Pattern.compile('(?i)\\pL').bytes).toBeGreaterThan(8 * 600)
    const large = 'a{1000}'.repeat(20)
    expect(cachedPattern(large)).not.toBe(cachedPattern(large))
  })
})
