import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, it } from 'vitest'
import { estimateCost } from './pattern-cost.ts'

it('estimates no program too small', () => {
  const pieces = [
    'a',
    'ж',
    '\\d',
    '.',
    '[a-z]',
    '[^\\]x]',
    '[]a]',
    '[[:alpha:]-]',
    '\\Qa+(\\E',
    '^',
    '$',
    '\\b',
    '\\[',
    'x{20}',
  ]
  const operators = [
    '(',
    ')',
    '(?:',
    '(?i)',
    '(?P<n>',
    '|',
    '*',
    '+?',
    '?',
    '{3}',
    '{2,}',
    '{0,4}',
    '{,3}',
    '[',
    '\\',
    '',
  ]
  const pattern = fc.array(fc.constantFrom(...pieces, ...operators), { maxLength: 25 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(pattern, (text) => {
      const program = compile(text)
      if (program) expect(estimateCost(text).instructions).toBeGreaterThanOrEqual(program.numInst())
    }),
    { numRuns: 5000 },
  )
})

it.each([
  ['(?i)[a-z]', 25],
  ['(?is)[\\x{41}-\\x{1e942}]', 0x1e942 - 0x41],
  ['(?i:[\\101-\\172])', 25 + 32],
  ['(?i)[^а-я&&\\]]', 31],
  ['(?i)[-a]', 0],
  ['[a-z]', 0],
])('counts the folded code points of %s', (pattern, folds) => {
  expect(estimateCost(pattern).folds).toBe(folds)
})

it.each([
  ['(?i)[a-z]\\w\\D.\\.', 4],
  ['(?i)[[:alpha:]]\\\\w', 1],
  ['[a-z]\\w', 0],
])('counts the character classes of %s, if it ignores case', (pattern, classes) => {
  expect(estimateCost(pattern).foldedClasses).toBe(classes)
})

function compile(text: string) {
  try {
    return RE2JS.compile(text).re2().prog
  } catch {
    return undefined
  }
}
