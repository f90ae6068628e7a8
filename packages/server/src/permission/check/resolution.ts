import type { ApiError } from '@latchkey/api'
import type { ConditionEvaluator } from '../conditions/index.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import type { CheckNode, Limitation, Truth } from './formula.ts'
import type { CheckPlan, TupleFacts } from './plan.ts'
import type { ObjectRelation } from './store.ts'
import type { Usersets } from './usersets.ts'

/** One check: whether a subject has a relation to an object, in at most `depth` steps as Keto counts them. */
export interface CheckQuestion {
  readonly relation: ObjectRelation
  readonly subject: SubjectColumns
  readonly depth: number
  readonly conditions: ConditionEvaluator
}

export interface CheckResolution {
  readonly truth: Truth
  /** The revision at which it is so. */
  readonly revision: number
  /** An undeclared relation on the way; it counts only where the answer is not yes all the same. */
  readonly fault: ApiError | undefined
  /** In strict mode, the limit on which an unknown answer depends. */
  readonly limitation: Limitation | undefined
  readonly plan: CheckPlan
  readonly facts: TupleFacts
  /** The subject sets that the plan looked at, by relation. */
  readonly usersets: ReadonlyMap<string, Usersets>
  /** The nodes that are certainly true, each after those that it rests on; filled in exhaustive resolutions. */
  readonly certain: ReadonlySet<CheckNode>
}
