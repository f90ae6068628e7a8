import { type CelValue, isCelList, isCelMap } from '@bufbuild/cel'
import type { Expression } from './syntax.ts'

/**
 * The budget of one evaluation, in steps. A step is a function call, an element or 32 characters that it reads, or one
 * syntax node in a loop iteration, and takes well under a microsecond.
 */
const budget = 25_000

/** The remaining budget, shared by all conditions of one request. */
export interface Allowance {
  left: number
}

export function newAllowance(): Allowance {
  return { left: 10 * budget }
}

/** Evaluation is synchronous, so a single meter is enough. */
const meter: { left: number; perRound: number; patterns: ReadonlySet<string> } = {
  left: 0,
  perRound: 0,
  patterns: new Set(),
}

interface Metered {
  /** The cost of the expression, and of each loop iteration. */
  readonly nodes: number
  /** The patterns that the expression itself contains. */
  readonly patterns: ReadonlySet<string>
}

/** Runs an evaluation within the budget. */
export function withBudget<T>({ nodes, patterns }: Metered, allowance: Allowance, evaluate: () => T): T {
  const most = Math.min(budget, allowance.left)
  meter.left = most - nodes
  meter.perRound = nodes
  meter.patterns = patterns
  try {
    return evaluate()
  } finally {
    // A refused step is not charged.
    allowance.left -= most - Math.max(0, meter.left)
  }
}

/** @throws Error if the budget is exhausted. All later steps fail as well, which terminates loops. */
export function spend(steps: number): void {
  meter.left -= steps
  if (meter.left < 0) throw new Error('the condition is too costly')
}

/** What the evaluation may still take. */
export function stepsLeft(): number {
  return Math.max(0, meter.left)
}

/** Whether a pattern is part of the expression, rather than a value of the tuple or the request. */
export function isOwnPattern(pattern: string): boolean {
  return meter.patterns.has(pattern)
}

/** The cost of reading a value as a whole. */
export function weightOf(value: CelValue | undefined): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return 1 + value.length / 32
  let weight = 1
  if (isCelList(value)) for (const item of value) weight += weightOf(item)
  else if (isCelMap(value)) for (const [key, item] of value) weight += weightOf(key) + weightOf(item)
  return weight
}

/** Called by loops before they read a list and before each iteration. Expressions cannot refer to these names. */
export const meterFunctions = {
  '@range': (range: CelValue) => {
    spend(isCelList(range) || isCelMap(range) ? range.size : 1)
    return range
  },
  '@round': (condition: CelValue) => {
    spend(meter.perRound)
    return condition
  },
} as const

/** Instruments the loops of an expression. */
export function meterLoops(expression: Expression): Expression {
  const { exprKind: kind } = expression
  const inside = (one: Expression | undefined) => one && meterLoops(one)
  switch (kind.case) {
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = kind.value
      const value = {
        ...kind.value,
        iterRange: iterRange && callTo('@range', meterLoops(iterRange)),
        accuInit: inside(accuInit),
        loopCondition: loopCondition && callTo('@round', meterLoops(loopCondition)),
        loopStep: inside(loopStep),
        result: inside(result),
      }
      return { ...expression, exprKind: { case: kind.case, value } }
    }
    case 'callExpr': {
      const { target, args } = kind.value
      const value = { ...kind.value, target: inside(target), args: args.map(meterLoops) }
      return { ...expression, exprKind: { case: kind.case, value } }
    }
    case 'selectExpr': {
      const value = { ...kind.value, operand: inside(kind.value.operand) }
      return { ...expression, exprKind: { case: kind.case, value } }
    }
    case 'listExpr': {
      const value = { ...kind.value, elements: kind.value.elements.map(meterLoops) }
      return { ...expression, exprKind: { case: kind.case, value } }
    }
    case 'structExpr': {
      const entries = kind.value.entries.map((entry) => ({
        ...entry,
        keyKind:
          entry.keyKind.case === 'mapKey'
            ? { case: entry.keyKind.case, value: meterLoops(entry.keyKind.value) }
            : entry.keyKind,
        value: inside(entry.value),
      }))
      return { ...expression, exprKind: { case: kind.case, value: { ...kind.value, entries } } }
    }
    default:
      return expression
  }
}

function callTo(name: keyof typeof meterFunctions, argument: Expression): Expression {
  const value = { $typeName: 'cel.expr.Expr.Call' as const, function: name, args: [argument] }
  return { ...argument, exprKind: { case: 'callExpr', value } }
}
