import type { Context } from '../../kernel/context.ts'
import { type ConditionCircumstances, type ConditionOutcome, evaluateCondition } from './evaluate.ts'
import { newAllowance } from './meter.ts'

/** Evaluates each condition of one question once: at one time, within one budget. */
export class ConditionEvaluator {
  readonly #ctx: Context
  readonly #asked: ConditionCircumstances['asked']
  #outcomes: Map<string, ConditionOutcome> | undefined
  #circumstances: ConditionCircumstances | undefined

  constructor(ctx: Context, asked: ConditionCircumstances['asked']) {
    this.#ctx = ctx
    this.#asked = asked
  }

  /** The outcome of a condition as it is stored with a tuple. */
  outcome(stored: string): ConditionOutcome {
    this.#circumstances ??= { asked: this.#asked, now: new Date(this.#ctx.clock.now()), allowance: newAllowance() }
    this.#outcomes ??= new Map()
    const outcome = this.#outcomes.get(stored) ?? evaluateCondition(stored, this.#circumstances)
    this.#outcomes.set(stored, outcome)
    return outcome
  }

  /** Whether any of some conditions holds. */
  any(conditions: readonly string[]): 'yes' | 'no' | 'unknown' {
    const outcomes = conditions.map((stored) => this.outcome(stored))
    if (outcomes.includes('yes')) return 'yes'
    return outcomes.every((outcome) => outcome === 'no') ? 'no' : 'unknown'
  }
}
