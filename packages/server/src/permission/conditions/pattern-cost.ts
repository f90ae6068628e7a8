/** What compiling a pattern takes, known before it is compiled. */
export interface PatternCost {
  /** At least as many as the compiled program has instructions. */
  readonly instructions: number
  /** Code points that case-insensitive character classes expand to. */
  readonly folds: number
  /** Character classes in a pattern that ignores case, such as `[a-z]`, `\w` or `.`. */
  readonly foldedClasses: number
  /** Unicode classes such as `\pL`. */
  readonly unicodeClasses: number
}

/** A token of RE2's syntax; whatever has no branch of its own is a single character. */
const token =
  /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|(?<class>\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]?)|\{(?<least>\d+)(?:,(?<most>\d*))?\}|[\s\S]/gu
const perlClass = /^(?:\\[dDsSwW]|\.)$/
const unicodeClass = /\\[pP]/g
const caseInsensitive = /\(\?[a-zA-Z-]*i/
const range =
  /(\\x\{[\da-fA-F]+\}|\\x[\da-fA-F]{2}|\\[0-7]{1,3}|\\?[\s\S])-(\\x\{[\da-fA-F]+\}|\\x[\da-fA-F]{2}|\\[0-7]{1,3}|\\?[^\]])/gu

/** Estimates a pattern by its text alone, in time linear in its length. Invalid patterns get some estimate too. */
export function estimateCost(pattern: string): PatternCost {
  const isFolded = caseInsensitive.test(pattern)
  let [folds, foldedClasses, size, last] = [0, 0, 4, 0]
  const outer: number[] = []
  for (const { 0: text, groups } of pattern.matchAll(token)) {
    if (text === '(') {
      outer.push(size)
      size = 4
    } else if (text === ')') {
      last = size
      size = last + (outer.pop() ?? 0)
    } else if (groups?.least !== undefined) {
      const count = Number(groups.most || groups.least) + 1
      size += last * count + count
      last += last * count + count
    } else if ('*+?|'.includes(text)) {
      size += 2
      last += 2
    } else {
      if (isFolded && groups?.class) folds += spanOf(groups.class)
      if (isFolded && (groups?.class || perlClass.test(text))) foldedClasses++
      last = text.startsWith('\\Q') ? text.length : 1
      size += last
    }
  }
  const open = outer.reduce((sum, one) => sum + one, 0)
  const unicodeClasses = pattern.match(unicodeClass)?.length ?? 0
  return { instructions: size + open, folds, foldedClasses, unicodeClasses }
}

/** The number of code points in the ranges of a character class. */
function spanOf(characterClass: string): number {
  return [...characterClass.slice(1).matchAll(range)].reduce(
    (sum, [, low = '', high = '']) => sum + Math.max(0, codePointOf(high) - codePointOf(low)),
    0,
  )
}

function codePointOf(text: string): number {
  const [, hexadecimal, octal] = /^\\(?:x\{?([\da-fA-F]+)\}?|([0-7]{1,3}))$/.exec(text) ?? []
  if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16)
  if (octal !== undefined) return Number.parseInt(octal, 8)
  return (text.length > 1 && text.startsWith('\\') ? text.slice(1) : text).codePointAt(0) ?? 0
}
