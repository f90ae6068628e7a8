import type { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { relationOf } from '../namespaces.ts'
import type { Rewrite } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import { askTuples, type ObjectRelation } from '../tuples/store.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import { type Formula, type Goal, solve } from './formula.ts'
import { type Kinds, readKinds } from './kinds.ts'
import { type Memberships, readMemberships } from './memberships.ts'

/** More rows than this are not read for one round of a check; what lies beyond is unknown. */
const mostRows = 50_000
const unknown: Formula = { kind: 'unknown' }

/** The subject sets that have a relation to an object, as far as they were read. */
interface Sets {
  readonly relation: ObjectRelation
  /** Undefined until they were asked for. */
  found: ObjectRelation[] | undefined
  complete: boolean
  /** Who has to look again when they are known. */
  readonly waiting: Set<Goal>
}

/**
 * One check. Goals are worked out from the model in memory; what only the tuples can tell is collected from all goals
 * and asked at once, round by round, so that a check takes as many questions as it has steps, however wide it is.
 */
export class Search {
  /** Faults met on the way: they count only where the answer is not yes all the same. */
  fault: ApiError | undefined
  readonly #ctx: Context
  readonly #subject: SubjectColumns
  /** Known from the second round on: most checks end with the first. */
  #memberships: Memberships | undefined
  #kinds: Kinds | undefined
  readonly #goals = new Map<string, Goal>()
  readonly #sets = new Map<string, Sets>()
  /** Goals whose parts have to be worked out (again). */
  #stale = new Set<Goal>()
  #newDirect: Goal[] = []
  #newSets: Sets[] = []

  constructor(ctx: Context, subject: SubjectColumns) {
    this.#ctx = ctx
    this.#subject = subject
  }

  /** Whether the subject has the relation, in at most `depth` steps as Keto counts them. */
  async run(relation: ObjectRelation, depth: number): Promise<Goal> {
    // A plain relation is most often answered by its own tuples, for which the kinds are not needed.
    if (this.#isRuled(relation)) this.#kinds = await readKinds(this.#ctx)
    const root = this.#reach(relation, depth, false)
    for (;;) {
      this.#workOut()
      if (this.#newDirect.length === 0 && this.#newSets.length === 0) break
      const met = await this.#ask()
      if (root.direct) return Object.assign(root, { truth: 'yes' })
      if (met) solve([...this.#goals.values()])
      if (root.truth === 'yes') return root
      if (this.#stale.size > 0) await this.#lookFromBelow(depth)
    }
    solve([...this.#goals.values()])
    return root
  }

  async #lookFromBelow(depth: number): Promise<void> {
    this.#kinds ??= await readKinds(this.#ctx)
    if (this.#strict || this.#memberships) return
    this.#memberships = await readMemberships(this.#ctx, this.#kinds, { subject: this.#subject, depth })
  }

  /** The goal for a relation. `direct`: a tuple of its own counts even where no step is left. */
  #reach(relation: ObjectRelation, depth: number, direct: boolean): Goal {
    const key = nameOf(relation)
    let goal = this.#goals.get(key)
    if (!goal) {
      goal = {
        relation,
        depth: -1,
        reachedDirectly: false,
        direct: undefined,
        directAsked: false,
        parts: [],
        truth: 'unknown',
      }
      this.#goals.set(key, goal)
    }
    if (depth > goal.depth || (direct && !goal.reachedDirectly)) {
      goal.depth = Math.max(depth, goal.depth)
      goal.reachedDirectly ||= direct
      this.#stale.add(goal)
    }
    if (!goal.directAsked && (direct || depth > 1) && this.#asksDirect(relation)) {
      goal.directAsked = true
      this.#newDirect.push(goal)
    }
    return goal
  }

  #asksDirect(relation: ObjectRelation): boolean {
    if (this.#memberships?.decide(relation)) return false
    const [namespace, , name] = relation
    if (this.#kinds && !this.#kinds.holdsSubject([namespace, name], this.#subject)) return false
    // In strict mode a tuple on a permission says nothing.
    return !this.#strict || !this.#isRuled(relation)
  }

  /** Whether the model makes a relation out of others. */
  #isRuled([namespace, , name]: ObjectRelation): boolean {
    const declared = this.#declared(namespace, name)
    return declared !== undefined && declared !== 'fault' && declared.rewrite !== undefined
  }

  get #strict(): boolean {
    return this.#ctx.config.permission.strictMode
  }

  #workOut(): void {
    while (this.#stale.size > 0) {
      const goals = this.#stale
      this.#stale = new Set()
      for (const goal of goals) goal.parts = this.#partsOf(goal)
    }
  }

  #partsOf(goal: Goal): readonly Formula[] {
    const { relation, depth } = goal
    const [namespace, , name] = relation
    const decided = this.#memberships?.decide(relation)
    if (decided) return decided(goal)
    if (depth <= 0) return [unknown]
    const parts: Formula[] = []
    const declared = this.#declared(namespace, name)
    if (declared === 'fault') return [unknown]
    if (declared?.rewrite) parts.push(this.#rewritten(goal, declared.rewrite, depth))
    if (depth <= 1) return [...parts, unknown]
    // In strict mode only those relations hold subject sets that are declared to.
    if (this.#strict && declared && !declared.types.some((type) => type.relation !== undefined)) return parts
    const sets = this.#setsOf(relation, goal)
    if (!sets.found) return [...parts, unknown]
    const { max_read_width: width } = this.#ctx.config.permission.limit
    const followed = sets.found.slice(0, width)
    for (const set of followed) parts.push({ kind: 'goal', goal: this.#reach(set, depth - 1, true) })
    // Of those beyond the width, their own tuples are looked at, but not what stands behind them.
    for (const set of sets.found.slice(width)) parts.push({ kind: 'goal', goal: this.#reach(set, 0, true) })
    if (!sets.complete) parts.push(unknown)
    return parts
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
    const [namespace, object] = goal.relation
    if (rule.kind === 'computed') {
      return { kind: 'goal', goal: this.#reach([namespace, object, rule.relation], depth, false) }
    }
    if (rule.kind === 'traverse') return this.#traversed(goal, rule, depth)
    if (rule.kind === 'exclusion') return { kind: 'not', part: this.#rewritten(goal, rule.child, depth) }
    if (depth <= 0) return unknown
    const parts = rule.children.map((child): Formula => {
      if (child.kind === 'computed' && rule.kind === 'union') {
        return { kind: 'goal', goal: this.#reach([namespace, object, child.relation], depth - 1, true) }
      }
      const nested = child.kind === 'union' || child.kind === 'intersection'
      return this.#rewritten(goal, child, nested ? depth - 1 : depth)
    })
    return { kind: rule.kind === 'union' ? 'any' : 'all', parts }
  }

  #traversed(goal: Goal, rule: Rewrite & { kind: 'traverse' }, depth: number): Formula {
    const [namespace, object] = goal.relation
    const sets = this.#setsOf([namespace, object, rule.relation], goal)
    if (!sets.found) return unknown
    const parts: Formula[] = sets.found.map(([to, its]) => ({
      kind: 'goal',
      goal: this.#reach([to, its, rule.target], depth - 1, false),
    }))
    return { kind: 'any', parts: sets.complete ? parts : [...parts, unknown] }
  }

  #setsOf(relation: ObjectRelation, goal: Goal): Sets {
    const [namespace, , name] = relation
    if (this.#kinds && !this.#kinds.holdsSets([namespace, name])) {
      return { relation, found: [], complete: true, waiting: new Set() }
    }
    const key = nameOf(relation)
    let sets = this.#sets.get(key)
    if (!sets) {
      sets = { relation, found: undefined, complete: true, waiting: new Set() }
      this.#sets.set(key, sets)
      this.#newSets.push(sets)
    }
    sets.waiting.add(goal)
    return sets
  }

  /** Asks for everything that is open; tells whether the subject was met anywhere. */
  async #ask(): Promise<boolean> {
    const [direct, sets] = [this.#newDirect, this.#newSets]
    this.#newDirect = []
    this.#newSets = []
    const questions = {
      direct: direct.map(({ relation }) => relation),
      sets: sets.map(({ relation }) => relation),
      subject: this.#subject,
    }
    const rows = await askTuples(this.#ctx, questions, mostRows)
    for (const goal of direct) goal.direct = false
    for (const one of sets) one.found = []
    let met = false
    for (const { question, subject_namespace: namespace, subject_object: object, subject_relation: name } of rows) {
      if (namespace !== '') sets[question]?.found?.push([namespace, object, name])
      else {
        met = true
        const goal = direct[question]
        if (goal) goal.direct = true
      }
    }
    for (const one of sets) {
      if (rows.length >= mostRows) one.complete = false
      one.found = inOrder(one.found ?? [])
      for (const goal of one.waiting) this.#stale.add(goal)
    }
    return met
  }
}

/** Each set once, in an order of its own, so that what is beyond a limit does not depend on the database. */
function inOrder(sets: readonly ObjectRelation[]): ObjectRelation[] {
  if (sets.length < 2) return [...sets]
  const byKey = new Map(sets.map((set) => [nameOf(set), set]))
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as ObjectRelation)
}
