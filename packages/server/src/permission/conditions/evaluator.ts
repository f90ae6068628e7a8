import type { Context } from '../../kernel/context.ts'
import { isTurnOver } from '../turn.ts'
import { type ConditionCircumstances, type ConditionOutcome, evaluateCondition } from './evaluate.ts'
import { newAllowance } from './meter.ts'

/** A step of the budget takes about a twelfth of the time of a step of a search. */
const budgetPerSearchStep = 12

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
    this.#outcomes ??= new Map()
    const outcome = this.#outcomes.get(stored) ?? evaluateCondition(stored, this.#requireCircumstances())
    this.#outcomes.set(stored, outcome)
    return outcome
  }

  /** Evaluates the next of some conditions in advance; false when others should have their turn before the others of them. */
  prepare(conditions: readonly string[]): boolean {
    if (conditions.includes('')) return true
    for (const stored of conditions) {
      if (this.#outcomes?.has(stored)) continue
      const { allowance } = this.#requireCircumstances()
      const before = allowance.left
      this.outcome(stored)
      if (isTurnOver(1 + (before - allowance.left) / budgetPerSearchStep)) return false
    }
    return true
  }

  /** Whether any of some conditions holds. */
  any(conditions: readonly string[]): 'yes' | 'no' | 'unknown' {
    const outcomes = conditions.map((stored) => this.outcome(stored))
    if (outcomes.includes('yes')) return 'yes'
    return outcomes.every((outcome) => outcome === 'no') ? 'no' : 'unknown'
  }

  #requireCircumstances(): ConditionCircumstances {
    this.#circumstances ??= { asked: this.#asked, now: new Date(this.#ctx.clock.now()), allowance: newAllowance() }
    return this.#circumstances
  }
}
