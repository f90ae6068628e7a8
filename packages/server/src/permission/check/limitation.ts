import { any, type CheckNode, type Formula, type Limitation, negate, nodeFormula, type Truth } from './formula.ts'

/**
 * The first limit on which an answer depends that is unknown, in the order of the rules and of the subject sets. Undefined
 * where it depends on conditions only. The nodes have been solved.
 */
export function limitationOf(root: CheckNode): Limitation | undefined {
  const visited = new Set<CheckNode>()
  const pending: Formula[] = [nodeFormula(root)]
  for (let formula = pending.pop(); formula; formula = pending.pop()) {
    if (truthOf(formula) !== 'unknown') continue
    if (formula.kind === 'unknown') {
      if (formula.limit) return formula.limit
    } else if (formula.kind === 'not') pending.push(formula.part)
    else if (formula.kind !== 'node') pending.push(...formula.parts.toReversed())
    else if (!visited.has(formula.node)) {
      visited.add(formula.node)
      pending.push(...formula.node.parts.toReversed())
    }
  }
  return undefined
}

function truthOf(formula: Formula): Truth {
  if (formula.kind === 'unknown') return 'unknown'
  if (formula.kind === 'node') return formula.node.truth
  if (formula.kind === 'not') return negate(truthOf(formula.part))
  const truths = formula.parts.map(truthOf)
  return formula.kind === 'any' ? any(truths) : negate(any(truths.map(negate)))
}
