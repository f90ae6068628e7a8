import { isTurnOver, nextTurn } from '../turn.ts'
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
export async function missingFacts(checks: readonly PlannedCheck[]): Promise<MissingFacts | undefined> {
  if (!checks.some(isMissingFacts)) return undefined
  const own = new Map<string, { node: CheckNode; subject: Subject }>()
  const usersets = new Map<string, ObjectRelation>()
  for (const { plan, subject } of checks) {
    for (const node of plan.ownQuestions) own.set(`${subject.name}\0${node.name}`, { node, subject })
    for (const [name, relation] of plan.usersetQuestions) usersets.set(name, relation)
    if (isTurnOver((plan.ownQuestions.length + plan.usersetQuestions.size) / 8)) await nextTurn()
  }
  return { own: [...own.values()], usersets }
}

/** The same facts in parts of at most `size` own tuples and as many usersets. */
export function sliceFacts({ own, usersets }: MissingFacts, size: number): MissingFacts[] {
  const names = [...usersets]
  const count = Math.ceil(Math.max(own.length, names.length) / size)
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * size, (i + 1) * size]
    return { own: own.slice(from, to), usersets: new Map(names.slice(from, to)) }
  })
}

export function isMissingFacts({ plan }: Pick<PlannedCheck, 'plan'>): boolean {
  return plan.ownQuestions.length > 0 || plan.usersetQuestions.size > 0
}
