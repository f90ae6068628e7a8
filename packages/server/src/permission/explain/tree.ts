import type { ExplainedCondition, PermissionExplanation, Relationship } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Goal, Truth } from '../check/formula.ts'
import { subjectKind } from '../check/kinds.ts'
import type { FoundSet } from '../check/known.ts'
import type { Search } from '../check/search.ts'
import type { ObjectRelation } from '../check/store.ts'
import { evaluateCondition, newAllowance, openCondition } from '../conditions/index.ts'
import { relationOf } from '../namespaces.ts'
import type { Rewrite } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import { type RelationTuple, type Subject, subjectColumns } from '../tuples/subject.ts'

/** More steps than this are not told. */
const mostNodes = 2000

const outcomes = { yes: 'allowed', no: 'denied', unknown: 'unknown' } as const
const limit: PermissionExplanation = { kind: 'limit', outcome: 'unknown' }

/** Tells what a finished, thorough search found, as a tree. */
export class Explainer {
  readonly #ctx: Context
  readonly #search: Search
  readonly #subject: Subject
  readonly #asked: Readonly<Record<string, unknown>> | undefined
  readonly #allowance = newAllowance()
  /** The place of each goal that is surely true: it rests only on those before it. */
  readonly #ranks = new Map<Goal, number>()
  /** The goals that lead to where the tree is written. */
  readonly #path = new Set<Goal>()
  #nodes = 0

  constructor(
    ctx: Context,
    search: Search,
    { subject_id, subject_set }: RelationTuple,
    asked: Readonly<Record<string, unknown>> | undefined,
  ) {
    this.#ctx = ctx
    this.#search = search
    this.#subject = subject_set === undefined ? { subject_id } : { subject_set }
    this.#asked = asked
    for (const goal of search.sure) this.#ranks.set(goal, this.#ranks.size)
  }

  tree(goal: Goal): PermissionExplanation {
    const [namespace, object, relation] = goal.relation
    const node = { kind: 'relation', outcome: outcomes[goal.truth], relation: { namespace, object, relation } } as const
    if (this.#path.has(goal)) return { ...node, kind: 'above' }
    if (++this.#nodes > mostNodes) return { ...node, children: [limit] }
    this.#path.add(goal)
    const children = this.#reasons(goal)
    this.#path.delete(goal)
    const untold = goal.truth === 'unknown' && !children.some(({ outcome }) => outcome === 'unknown')
    return { ...node, children: untold ? [...children, limit] : children }
  }

  /** Of what is allowed the one reason that suffices, of what is not every one that does not. */
  #reasons(goal: Goal): PermissionExplanation[] {
    const declared = this.#declared(goal.relation)
    if (declared === 'fault') return [{ kind: 'undeclared', outcome: 'unknown' }]
    const rule = declared?.rewrite
    const rank = this.#ranks.get(goal)
    if (rank !== undefined) {
      if (goal.direct === 'yes') return this.#ownTuples(goal).filter(({ outcome }) => outcome === 'allowed')
      const set = this.#setsOf(goal.name).find((one) => this.#suffices(one, this.#goal(one.relation), rank))
      if (set) return [this.#step(goal.relation, set, this.#goal(set.relation))]
      return rule ? [this.#rule(goal, rule, rank)] : []
    }
    const steps = this.#setsOf(goal.name).map((set) => this.#step(goal.relation, set, this.#goal(set.relation)))
    const own = rule && goal.direct === undefined ? [] : this.#ownTuples(goal)
    return [...own, ...(rule ? [this.#rule(goal, rule, undefined)] : []), ...steps]
  }

  /** A rule of the model for an object; with a rank only what is true without anything of that rank or above. */
  #rule(goal: Goal, rule: Rewrite, rank: number | undefined): PermissionExplanation {
    const outcome = outcomes[this.#truthOf(goal, rule, rank)]
    if (++this.#nodes > mostNodes) return limit
    if (rule.kind === 'computed') {
      const target = this.#goal([goal.relation[0], goal.relation[1], rule.relation])
      return target ? this.tree(target) : limit
    }
    if (rule.kind === 'traverse') return this.#traversal(goal, rule, { outcome, rank })
    if (rule.kind === 'exclusion') {
      return { kind: 'exclusion', outcome, children: [this.#rule(goal, rule.child, undefined)] }
    }
    const [only] = rule.children
    if (only && rule.children.length === 1) return this.#rule(goal, only, rank)
    const enough = rule.kind === 'union' && outcome === 'allowed'
    const child = rule.children.find((one) => this.#truthOf(goal, one, rank) === 'yes')
    const told = enough && child ? [child] : rule.children
    return { kind: rule.kind, outcome, children: told.map((one) => this.#rule(goal, one, rank)) }
  }

  #traversal(
    goal: Goal,
    rule: Rewrite & { kind: 'traverse' },
    { outcome, rank }: { outcome: PermissionExplanation['outcome']; rank: number | undefined },
  ): PermissionExplanation {
    const over = [goal.relation[0], goal.relation[1], rule.relation] as const
    const steps = this.#setsOf(nameOf(over)).map((set) => ({ set, target: this.#target(set, rule) }))
    const enough = outcome === 'allowed' && steps.find(({ set, target }) => this.#suffices(set, target, rank))
    const told = enough ? [enough] : steps
    const [namespace, object, relation] = over
    return {
      kind: 'traversal',
      outcome,
      relation: { namespace, object, relation },
      children: told.map(({ set, target }) => this.#step(over, set, target)),
    }
  }

  /** A relationship to a subject set, and what stands behind it. */
  #step(from: ObjectRelation, set: FoundSet, target: Goal | undefined): PermissionExplanation {
    this.#nodes++
    const [namespace, object, relation] = set.relation
    const stored = set.conditions.includes('') ? '' : (set.conditions[0] ?? '')
    const told = this.#relationship(from, { subject_set: { namespace, object, relation } }, stored)
    const truth = this.#under(set, target?.truth ?? 'unknown')
    return { ...told, outcome: outcomes[truth], children: [target ? this.tree(target) : limit] }
  }

  /** The subject's own relationships, or the one that is missing. */
  #ownTuples(goal: Goal): PermissionExplanation[] {
    const { own = [] } = goal
    const missing = this.#relationship(goal.relation, this.#subject, '')
    if (own.length === 0) {
      const isMissing = goal.directAsked || goal.truth === 'no' || this.#cannotBe(goal.relation)
      return [{ ...missing, outcome: isMissing ? 'denied' : 'unknown' }]
    }
    const conditions = own.includes('') ? [''] : [...new Set(own)]
    return conditions.map((stored) => this.#relationship(goal.relation, this.#subject, stored))
  }

  /** Whether no relationship of the relation has a subject of this kind, which the search does not ask for then. */
  #cannotBe([namespace, , relation]: ObjectRelation): boolean {
    const { kinds } = this.#search.goals
    return (
      kinds !== undefined && !kinds.of(namespace, relation)?.subjects.has(subjectKind(subjectColumns(this.#subject)))
    )
  }

  #relationship([namespace, object, relation]: ObjectRelation, subject: Subject, stored: string) {
    const relationship: Relationship = { namespace, object, relation, ...subject }
    if (stored === '') return { kind: 'relationship', outcome: 'allowed', relationship } as const
    const condition = this.#explained(stored)
    const told = { ...relationship, condition: openCondition(stored) }
    return { kind: 'relationship', outcome: condition.outcome, relationship: told, condition } as const
  }

  #explained(stored: string): ExplainedCondition {
    const now = new Date(this.#ctx.clock.now())
    const outcome = evaluateCondition(stored, { asked: this.#asked, now, allowance: this.#allowance })
    if (typeof outcome === 'string') return { outcome: outcomes[outcome] }
    if ('missing' in outcome) return { outcome: 'unknown', missing: [...outcome.missing] }
    return { outcome: 'unknown', fault: outcome.fault }
  }

  #truthOf(goal: Goal, rule: Rewrite, rank: number | undefined): Truth {
    if (rule.kind === 'computed') {
      return this.#before(this.#goal([goal.relation[0], goal.relation[1], rule.relation]), rank)
    }
    if (rule.kind === 'exclusion') return negated(this.#truthOf(goal, rule.child, undefined))
    if (rule.kind === 'traverse') {
      const sets = this.#search.goals.sets.get(nameOf([goal.relation[0], goal.relation[1], rule.relation]))
      const truths = this.#setsOf(sets?.name ?? '').map((set) =>
        this.#under(set, this.#before(this.#target(set, rule), rank)),
      )
      return any(sets?.complete === false ? [...truths, 'unknown'] : truths)
    }
    const truths = rule.children.map((child) => this.#truthOf(goal, child, rank))
    return rule.kind === 'union' ? any(truths) : negated(any(truths.map(negated)))
  }

  #suffices(set: FoundSet, target: Goal | undefined, rank: number | undefined): boolean {
    return this.#under(set, this.#before(target, rank)) === 'yes'
  }

  /** Whether a goal is true without anything of a rank or above, so that no reason rests on itself. */
  #before(goal: Goal | undefined, rank: number | undefined): Truth {
    if (!goal) return 'unknown'
    const own = this.#ranks.get(goal)
    return rank !== undefined && own !== undefined && own >= rank ? 'unknown' : goal.truth
  }

  #under({ conditions }: FoundSet, truth: Truth): Truth {
    const condition = this.#search.goals.judge(conditions)
    return negated(any([negated(condition), negated(truth)]))
  }

  #target({ relation: [namespace, object] }: FoundSet, { target }: Rewrite & { kind: 'traverse' }): Goal | undefined {
    return this.#goal([namespace, object, target])
  }

  #goal(relation: ObjectRelation): Goal | undefined {
    return this.#search.goals.all.get(nameOf(relation))
  }

  #setsOf(name: string): readonly FoundSet[] {
    return this.#search.goals.sets.get(name)?.found ?? []
  }

  #declared([namespace, , relation]: ObjectRelation) {
    try {
      return relationOf(this.#ctx, namespace, relation)
    } catch {
      return 'fault'
    }
  }
}

function any(truths: readonly Truth[]): Truth {
  if (truths.includes('yes')) return 'yes'
  return truths.includes('unknown') ? 'unknown' : 'no'
}

function negated(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown'
  return truth === 'yes' ? 'no' : 'yes'
}
