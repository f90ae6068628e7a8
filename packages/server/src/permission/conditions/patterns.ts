import { RE2JS } from '@bufbuild/re2'
import { LRUCache } from 'lru-cache'
import { estimateCost } from './pattern-cost.ts'

/** A larger program is refused: it would take milliseconds to compile. */
const maxInstructions = 1500
const maxLength = 2000
/** Compiling takes about 2 µs an instruction, 0.3 µs a folded code point and 1.5 ms a Unicode class. */
const stepsPerInstruction = 5
const stepsPerUnicodeClass = 5000
const maxCompileSteps = 25_000

/** What the states of one matcher may occupy, by the sizes below, before it is compiled anew. */
const maxStateBytes = 256 * 1024
const bytesPerInstruction = 150
const bytesPerState = 1100
const bytesPerTransition = 64

/** A pattern of RE2's syntax. Matching takes time linear in the text; what it keeps between texts is bounded. */
export interface Pattern {
  readonly instructions: number
  test(text: string): boolean
}

const cache = new LRUCache<string, CompiledPattern>({
  maxSize: 32 * 1024 * 1024,
  sizeCalculation: (pattern, text) => maxStateBytes + pattern.bytes + 2 * text.length,
})

/** @throws Error if the pattern is invalid */
export function patternOf(text: string): Pattern {
  const known = cache.get(text)
  if (known) return known
  const made = new CompiledPattern(text)
  cache.set(text, made)
  return made
}

/**
 * The steps to charge for compiling a pattern that comes with a request or a tuple. The first use of a Unicode class
 * takes the library up to 0.4 s, so only an expression itself may contain one.
 * @throws Error if it is too large
 */
export function compileSteps(text: string): number {
  if (text.length > maxLength) throw new Error('the pattern is too large')
  const cost = estimateCost(text)
  if (cost.unicodeClasses > 0) throw new Error('classes such as \\p{L} can only be used in the expression itself')
  return requireSmall(cost)
}

/** Why the patterns that an expression itself contains cannot be used; undefined if they can. */
export function patternsFault(patterns: readonly string[]): string | undefined {
  try {
    const steps = patterns.reduce((sum, text) => sum + requireSmall(estimateCost(text)), 0)
    if (steps > maxCompileSteps) return 'its patterns are together too large'
    for (const text of patterns) patternOf(text)
    return undefined
  } catch (error) {
    return (error as Error).message.slice(0, 200)
  }
}

function requireSmall({ instructions, folds, unicodeClasses }: ReturnType<typeof estimateCost>): number {
  const steps = instructions * stepsPerInstruction + folds + unicodeClasses * stepsPerUnicodeClass
  if (instructions > maxInstructions || steps > maxCompileSteps) throw new Error('the pattern is too large')
  return steps
}

class CompiledPattern implements Pattern {
  readonly instructions: number
  readonly bytes: number
  readonly #text: string
  #matcher: RE2JS | undefined
  #charactersTested = 0

  constructor(text: string) {
    this.#text = text
    this.#matcher = RE2JS.compile(text)
    const { prog } = this.#matcher.re2()
    this.instructions = prog.numInst()
    const classes = new Set(prog.inst.map(({ runes }) => runes))
    const numbers = [...classes].reduce((sum, runes) => sum + (runes?.length ?? 0), 0)
    this.bytes = this.instructions * bytesPerInstruction + numbers * 8
  }

  test(text: string): boolean {
    this.#matcher ??= RE2JS.compile(this.#text)
    const isMatch = this.#matcher.test(text)
    this.#charactersTested += text.length
    // The library keeps each state and transition that it ever needed: one for each character at most.
    const states = this.#matcher.re2().dfa.stateCount
    const bytes = states * (bytesPerState + 4 * this.instructions) + this.#charactersTested * bytesPerTransition
    if (bytes > maxStateBytes) {
      this.#matcher = undefined
      this.#charactersTested = 0
    }
    return isMatch
  }
}
