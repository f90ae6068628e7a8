import { type CelError, isCelError } from '@bufbuild/cel'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { compileCached } from './compile.ts'
import { type Allowance, withBudget } from './meter.ts'
import { openCondition } from './parse.ts'
import { inputOf, missingIn, missingValue, type Variables } from './variables.ts'

/**
 * The outcome of a condition. If a variable is missing or the expression fails, the outcome is unknown: neither yes nor
 * no, and its negation is unknown as well.
 */
export type ConditionOutcome = 'yes' | 'no' | { readonly missing: readonly string[] } | { readonly fault: string }

/** The inputs of an evaluation besides the tuple. */
export interface ConditionCircumstances {
  /** The variables of the request, as `requireContext` returns them. */
  readonly asked: Readonly<Record<string, unknown>> | undefined
  readonly now: Date
  /** The budget, shared by all conditions of one question. */
  readonly allowance: Allowance
}

/**
 * Evaluates a condition that is stored with a tuple. Variables of the tuple take precedence over those of the request;
 * `now` comes from the server only. Never throws.
 */
export function evaluateCondition(stored: string, circumstances: ConditionCircumstances): ConditionOutcome {
  const { asked, now, allowance } = circumstances
  const { expression, context: kept = {} } = openCondition(stored)
  const program = compileCached(expression)
  if (program.fault !== undefined) return { fault: program.fault }
  if (allowance.left < program.nodes) return { fault: 'the conditions are together too costly' }
  const values: Variables = Object.create(null)
  for (const name of program.variables) {
    if (name === 'now') values[name] = timestampFromDate(now)
    else if (Object.hasOwn(kept, name)) values[name] = inputOf(kept[name])
    else if (asked && Object.hasOwn(asked, name)) values[name] = inputOf(asked[name])
    else values[name] = missingValue(name)
  }
  const result = withBudget(program, allowance, () => program.run(values))
  if (typeof result === 'boolean') return result ? 'yes' : 'no'
  return isCelError(result) ? outcomeOf(result) : { fault: 'the expression gives neither true nor false' }
}

const maxFaultLength = 200

function outcomeOf(error: CelError): ConditionOutcome {
  const missing = missingIn(error)
  return missing.length > 0 ? { missing } : { fault: error.message.slice(0, maxFaultLength) }
}
