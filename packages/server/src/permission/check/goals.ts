import type { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { relationOf } from '../namespaces.ts'
import type { Rewrite } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import type { Formula, Goal, Truth } from './formula.ts'
import { type Kinds, subjectKind } from './kinds.ts'
import type { FoundSet, Known } from './known.ts'
import { nowhere, type Sets } from './sets.ts'
import type { ObjectRelation } from './store.ts'
import { decided, type SubjectView, stepsTo } from './subject/view.ts'

const unknown: Formula = { kind: 'unknown' }
const unknownOnly: readonly Formula[] = [unknown]

export interface GoalsOptions {
  readonly subject: SubjectColumns
  readonly known: Known
  /** Whether any of some conditions holds. */
  readonly judge: (conditions: readonly string[]) => Truth
}

/**
 * The goals of one check, worked out from the model in memory. What only the tuples can tell, and is not known yet, is
 * collected until somebody takes the questions and fills in the answers.
 */
export class Goals {
  /** Faults met on the way: they count only where the answer is not yes all the same. */
  fault: ApiError | undefined
  /** Whether a limit of depth or width kept anything from being worked out from above. */
  limited = false
  /** Whether anything rests on a negation. */
  negates = false
  kinds: Kinds | undefined
  view: SubjectView | undefined
  readonly all = new Map<string, Goal>()
  readonly sets = new Map<string, Sets>()
  readonly #ctx: Context
  readonly #options: GoalsOptions
  readonly #subjectKind: string
  /** Goals whose parts have to be worked out (again). */
  #stale: Goal[] = []
  #newDirect: Goal[] = []
  #newSets: Sets[] = []

  constructor(ctx: Context, options: GoalsOptions) {
    this.#ctx = ctx
    this.#options = options
    this.#subjectKind = subjectKind(options.subject)
  }

  get isStale(): boolean {
    return this.#stale.length > 0
  }

  /** What is open: which goals want to know of their own tuples, and which sets are to be read. */
  takeQuestions(): { direct: readonly Goal[]; sets: readonly Sets[] } {
    const questions = { direct: this.#newDirect, sets: this.#newSets }
    this.#newDirect = []
    this.#newSets = []
    return questions
  }

  /** Everything has to be worked out again, as more is known of the subject. */
  wakeAll(): void {
    this.#stale = [...this.all.values()]
  }

  /** Whoever waited for sets that are known now has to be worked out again. */
  wake({ waiting }: Sets): void {
    for (const goal of waiting) this.#stale.push(goal)
  }

  /** The goal for a relation. `direct`: a tuple of its own counts even where no step is left. */
  reach(relation: ObjectRelation, name: string, depth: number, direct: boolean): Goal {
    let goal = this.all.get(name)
    if (!goal) {
      goal = {
        relation,
        name,
        depth: -1,
        reachedDirectly: false,
        direct: undefined,
        directAsked: false,
        parts: [],
        truth: 'unknown',
      }
      this.all.set(name, goal)
    }
    if (depth > goal.depth || (direct && !goal.reachedDirectly)) {
      goal.depth = Math.max(depth, goal.depth)
      goal.reachedDirectly ||= direct
      this.#stale.push(goal)
    }
    if (!goal.directAsked && (direct || depth > 1) && this.#asksDirect(goal)) {
      goal.directAsked = true
      const own = this.view?.own
      if (own) goal.direct = this.judge(own.get(name))
      else this.#newDirect.push(goal)
    }
    return goal
  }

  /** Whether any of the conditions under which tuples count holds; they count where there is none. */
  judge(conditions: readonly string[] | undefined): Truth {
    if (!conditions || conditions.length === 0) return 'no'
    return conditions.includes('') ? 'yes' : this.#options.judge(conditions)
  }

  #asksDirect({ relation, name }: Goal): boolean {
    if (this.#stepsTo(relation, name) !== undefined) return false
    const [namespace, , relationName] = relation
    if (this.kinds && !this.kinds.of(namespace, relationName)?.subjects.has(this.#subjectKind)) return false
    // In strict mode a tuple on a permission says nothing.
    return !this.strict || !this.isRuled(relation)
  }

  #stepsTo(relation: ObjectRelation, name: string) {
    return this.strict ? undefined : stepsTo(this.view, this.kinds, relation, name)
  }

  /** Whether the model makes a relation out of others. */
  isRuled([namespace, , name]: ObjectRelation): boolean {
    const declared = this.#declared(namespace, name)
    return declared !== undefined && declared !== 'fault' && declared.rewrite !== undefined
  }

  get strict(): boolean {
    return this.#ctx.config.permission.strictMode
  }

  /** Works out the parts of every goal that is new, or of which something became known. */
  workOut(): void {
    while (this.#stale.length > 0) {
      const goals = this.#stale
      this.#stale = []
      for (const goal of goals) goal.parts = this.#partsOf(goal)
    }
  }

  #partsOf(goal: Goal): readonly Formula[] {
    const { relation, depth, name } = goal
    const steps = this.#stepsTo(relation, name)
    if (steps !== undefined) return decided(goal, steps)
    if (depth <= 0) return [this.#beyond()]
    const declared = this.#declared(relation[0], relation[2])
    if (declared === 'fault') return unknownOnly
    const parts: Formula[] = declared?.rewrite ? [this.#rewritten(goal, declared.rewrite, depth)] : []
    if (depth <= 1) return [...parts, this.#beyond()]
    // In strict mode only those relations hold subject sets that are declared to.
    if (this.strict && declared && !declared.types.some((type) => type.relation !== undefined)) return parts
    const sets = this.#setsOf(relation, name, goal)
    if (sets === nowhere) return parts
    if (!sets.found) return [...parts, unknown]
    const { max_read_width: width } = this.#ctx.config.permission.limit
    sets.found.forEach((set, i) => {
      // Of those beyond the width, their own tuples are looked at, but not what stands behind them.
      parts.push(
        this.#under(set, { kind: 'goal', goal: this.reach(set.relation, set.name, i < width ? depth - 1 : 0, true) }),
      )
    })
    if (!sets.complete) parts.push(this.#beyond())
    return parts
  }

  #beyond(): Formula {
    this.limited = true
    return unknown
  }

  /** Something that counts under the condition of a tuple. */
  #under({ conditions }: FoundSet, formula: Formula): Formula {
    const truth = this.judge(conditions)
    if (truth === 'yes') return formula
    return truth === 'no' ? { kind: 'any', parts: [] } : { kind: 'all', parts: [formula, unknown] }
  }

  #declared(namespace: string, relation: string) {
    try {
      return relationOf(this.#ctx, namespace, relation)
    } catch (error) {
      this.fault ??= error as ApiError
      return 'fault'
    }
  }

  /** A rule of the model for one object; each kind costs the depth that it costs with Keto. */
  #rewritten(goal: Goal, rule: Rewrite, depth: number): Formula {
    if (rule.kind === 'computed') return this.#computed(goal, rule.relation, depth, false)
    if (rule.kind === 'traverse') return this.#traversed(goal, rule, depth)
    if (rule.kind === 'exclusion') {
      this.negates = true
      return { kind: 'not', part: this.#rewritten(goal, rule.child, depth) }
    }
    if (depth <= 0) return this.#beyond()
    const parts = rule.children.map((child): Formula => {
      if (child.kind === 'computed' && rule.kind === 'union') {
        return this.#computed(goal, child.relation, depth - 1, true)
      }
      const nested = child.kind === 'union' || child.kind === 'intersection'
      return this.#rewritten(goal, child, nested ? depth - 1 : depth)
    })
    return { kind: rule.kind === 'union' ? 'any' : 'all', parts }
  }

  #computed({ relation: [namespace, object] }: Goal, name: string, depth: number, direct: boolean): Formula {
    const relation = [namespace, object, name] as const
    return { kind: 'goal', goal: this.reach(relation, nameOf(relation), depth, direct) }
  }

  #traversed(goal: Goal, rule: Rewrite & { kind: 'traverse' }, depth: number): Formula {
    const [namespace, object] = goal.relation
    const over = [namespace, object, rule.relation] as const
    const sets = this.#setsOf(over, nameOf(over), goal)
    if (!sets.found) return unknown
    const parts: Formula[] = sets.found.map((set) => {
      const target = [set.relation[0], set.relation[1], rule.target] as const
      return this.#under(set, { kind: 'goal', goal: this.reach(target, nameOf(target), depth - 1, false) })
    })
    return { kind: 'any', parts: sets.complete ? parts : [...parts, this.#beyond()] }
  }

  #setsOf(relation: ObjectRelation, name: string, goal: Goal): Sets {
    if (this.kinds && !this.kinds.of(relation[0], relation[2])?.holdsSets) return nowhere
    let sets = this.sets.get(name)
    if (!sets) {
      sets = { relation, name, found: this.#options.known.sets(name), complete: true, waiting: new Set() }
      this.sets.set(name, sets)
      if (!sets.found) this.#newSets.push(sets)
    }
    if (!sets.found) sets.waiting.add(goal)
    return sets
  }
}
