import { type CelError, isCelError } from '@bufbuild/cel'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { compiled } from './compile.ts'
import { type Allowance, measured } from './meter.ts'
import { openCondition } from './parse.ts'
import { inputOf, missingIn, missingValue, type Variables } from './variables.ts'

/**
 * What a condition says. Where a variable is missing, or the expression fails, nobody knows: that is neither a yes nor
 * a no, and a negation of it is no yes either.
 */
export type ConditionOutcome = 'yes' | 'no' | { readonly missing: readonly string[] } | { readonly fault: string }

/** What stands beside the tuple when a condition is looked at. */
export interface ConditionCircumstances {
  /** The request's own values, as `requireContext` read them. */
  readonly asked: Readonly<Record<string, unknown>> | undefined
  readonly now: Date
  /** What it may cost, shared by all conditions of one question. */
  readonly allowance: Allowance
}

/**
 * Looks at a condition that was kept with a tuple. What the tuple says about a variable counts before what the request
 * says; `now` is the server's alone. Never throws.
 */
export function evaluateCondition(stored: string, circumstances: ConditionCircumstances): ConditionOutcome {
  const { asked, now, allowance } = circumstances
  const { expression, context: kept = {} } = openCondition(stored)
  const program = compiled(expression)
  if (program.fault !== undefined) return { fault: program.fault }
  if (allowance.left < program.nodes) return { fault: 'the conditions are together too costly' }
  const values: Variables = Object.create(null)
  for (const name of program.variables) {
    if (name === 'now') values[name] = timestampFromDate(now)
    else if (Object.hasOwn(kept, name)) values[name] = inputOf(kept[name])
    else if (asked && Object.hasOwn(asked, name)) values[name] = inputOf(asked[name])
    else values[name] = missingValue(name)
  }
  const result = measured(program.nodes, allowance, () => program.run(values))
  if (typeof result === 'boolean') return result ? 'yes' : 'no'
  return isCelError(result) ? outcomeOf(result) : { fault: 'the expression gives neither true nor false' }
}

const longestFault = 200

function outcomeOf(error: CelError): ConditionOutcome {
  const missing = missingIn(error)
  return missing.length > 0 ? { missing } : { fault: error.message.slice(0, longestFault) }
}
