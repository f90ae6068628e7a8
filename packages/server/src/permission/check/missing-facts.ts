import type { Subject } from './facts.ts'
import type { CheckNode } from './formula.ts'
import type { CheckPlan } from './plan.ts'
import type { ObjectRelation } from './store.ts'

/** The own tuples of nodes, each for one subject, and usersets by relation. */
export interface MissingFacts {
  readonly own: readonly { readonly node: CheckNode; readonly subject: Subject }[]
  readonly usersets: ReadonlyMap<string, ObjectRelation>
}

interface PlannedCheck {
  readonly plan: CheckPlan
  readonly subject: Subject
}

/** What some checks are missing, each fact once; undefined where that is nothing. */
export function missingFacts(checks: readonly PlannedCheck[]): MissingFacts | undefined {
  if (!checks.some(isMissingFacts)) return undefined
  const own = new Map<string, { node: CheckNode; subject: Subject }>()
  const usersets = new Map<string, ObjectRelation>()
  for (const { plan, subject } of checks) {
    for (const node of plan.ownQuestions) own.set(`${subject.name}\0${node.name}`, { node, subject })
    for (const [name, relation] of plan.usersetQuestions) usersets.set(name, relation)
  }
  return { own: [...own.values()], usersets }
}

export function isMissingFacts({ plan }: Pick<PlannedCheck, 'plan'>): boolean {
  return plan.ownQuestions.length > 0 || plan.usersetQuestions.size > 0
}
