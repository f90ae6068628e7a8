import { cachedPattern, PatternCostError } from '../../kernel/pattern.ts'
import { countSteps } from '../turn.ts'
import { spend, stepsLeft } from './meter.ts'
import { estimateCost, type PatternCost } from './pattern-cost.ts'

/** A larger program is refused: it would take milliseconds to compile. */
const maxInstructions = 1500
const maxLength = 2000
/**
 * A step of compilation takes at most about 2 µs. The library takes quadratic time for sequences, and merges the ranges
 * of each character class that ignores case.
 */
const stepsPerInstruction = 5
const instructionsSquaredPerStep = 150
const stepsPerFoldedClass = 10
const stepsPerUnicodeClass = 5000
const maxCompileSteps = 25_000
/** A step of a search takes as long as this many of these. */
const compileStepsPerSearchStep = 3

/** A step of a condition takes as long as this many steps of a match. */
const matchStepsPerStep = 16

/**
 * Whether a pattern matches a text, within the remaining budget of the condition.
 * @throws Error if the pattern is invalid, or if the budget is exhausted
 */
export function matchWithinBudget(pattern: string, text: string): boolean {
  const budget = matchStepsPerStep * stepsLeft()
  const meter = { steps: budget }
  try {
    return cachedPattern(pattern).test(text, meter)
  } catch (error) {
    // Reported by `spend`, as for any other function.
    if (!(error instanceof PatternCostError)) throw error
    return false
  } finally {
    spend(1 + (budget - meter.steps) / matchStepsPerStep)
  }
}

/**
 * The steps to charge for compiling a pattern that comes with a request or a tuple.
 * @throws Error if it is too large
 */
export function compileSteps(text: string): number {
  if (text.length > maxLength) throw new Error('the pattern is too large')
  return requireSmall(estimateCost(text))
}

/** Why the patterns that an expression itself contains cannot be used; undefined if they can. */
export function patternsFault(patterns: readonly string[]): string | undefined {
  try {
    const steps = patterns.reduce((sum, text) => sum + requireSmall(estimateCost(text)), 0)
    if (steps > maxCompileSteps) return 'its patterns are together too large'
    for (const text of patterns) cachedPattern(text)
    countSteps(steps / compileStepsPerSearchStep)
    return undefined
  } catch (error) {
    return (error as Error).message.slice(0, 200)
  }
}

function requireSmall(cost: PatternCost): number {
  const { instructions, folds, foldedClasses, unicodeClasses } = cost
  const steps =
    instructions * stepsPerInstruction +
    instructions ** 2 / instructionsSquaredPerStep +
    folds +
    foldedClasses * stepsPerFoldedClass +
    unicodeClasses * stepsPerUnicodeClass
  if (instructions > maxInstructions || steps > maxCompileSteps) throw new Error('the pattern is too large')
  return steps
}
