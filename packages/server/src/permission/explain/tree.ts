import type { ExplainedCondition, PermissionExplanation, Relationship } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { any, type CheckNode, negate, type Truth } from '../check/formula.ts'
import { evaluateAny } from '../check/plan.ts'
import type { CheckQuestion, CheckResolution } from '../check/resolution.ts'
import type { ObjectRelation } from '../check/store.ts'
import type { Userset } from '../check/usersets.ts'
import { openCondition } from '../conditions/index.ts'
import { relationOf } from '../namespaces.ts'
import { foldRewrite, type RewriteCases } from '../opl/fold-rewrite.ts'
import type { Relation } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import type { RelationTuple, Subject } from '../tuples/subject.ts'
import { countSteps, isTurnOver, nextTurn } from '../turn.ts'

/** Further steps are left out. */
const maxNodes = 2000
/** What looking at a subject set takes, in steps of a search. */
const stepsPerSet = 1 / 2

const outcomes = { yes: 'allowed', no: 'denied', unknown: 'unknown' } as const
const limit: PermissionExplanation = { kind: 'limit', outcome: 'unknown' }

/** A rule of the model, applied to one object. With a rank, only what is true without nodes of that rank or above counts. */
interface AppliedRule {
  truth(rank: number | undefined): Truth
  explain(rank: number | undefined): Promise<PermissionExplanation>
}

/** A subject set, and what it has to have for the step to count. */
interface Step {
  readonly set: Userset
  readonly target: CheckNode | undefined
}

/** Draws an exhaustive resolution as a tree. Others have their turn between its nodes. */
export class Explainer {
  readonly #ctx: Context
  readonly #subject: Subject
  readonly #question: CheckQuestion
  readonly #resolution: CheckResolution
  /** The rank of each node that is certainly true: it rests only on those of lower ranks. */
  readonly #ranks = new Map<CheckNode, number>()
  /** The nodes from the root to where the tree is being drawn. */
  readonly #path = new Set<CheckNode>()
  readonly #traversals = new Map<string, readonly Step[]>()
  #drawn = 0

  constructor(ctx: Context, of: { tuple: RelationTuple; question: CheckQuestion; resolution: CheckResolution }) {
    const { subject_id, subject_set } = of.tuple
    this.#ctx = ctx
    this.#subject = subject_set === undefined ? { subject_id } : { subject_set }
    this.#question = of.question
    this.#resolution = of.resolution
    for (const node of of.resolution.certain) this.#ranks.set(node, this.#ranks.size)
  }

  tree(): Promise<PermissionExplanation> {
    return this.#node(this.#resolution.plan.root)
  }

  async #node(node: CheckNode): Promise<PermissionExplanation> {
    if (isTurnOver()) await nextTurn()
    const [namespace, object, relation] = node.relation
    const drawn = {
      kind: 'relation',
      outcome: outcomes[node.truth],
      relation: { namespace, object, relation },
    } as const
    if (this.#path.has(node)) return { ...drawn, kind: 'above' }
    if (++this.#drawn > maxNodes) return { ...drawn, children: [limit] }
    this.#path.add(node)
    const children = await this.#reasons(node)
    this.#path.delete(node)
    const isCutOff = node.truth === 'unknown' && !children.some(({ outcome }) => outcome === 'unknown')
    return { ...drawn, children: isCutOff ? [...children, limit] : children }
  }

  /** Of what is allowed the one reason that suffices, of what is not every one that does not. */
  async #reasons(node: CheckNode): Promise<PermissionExplanation[]> {
    const declared = this.#declared(node.relation)
    if (declared === 'fault') return [{ kind: 'undeclared', outcome: 'unknown' }]
    const rule = declared?.rewrite && foldRewrite(declared.rewrite, this.#rulesOf(node.relation))
    const rank = this.#ranks.get(node)
    if (rank !== undefined) {
      if (node.own === 'yes') return this.#ownTuples(node).filter(({ outcome }) => outcome === 'allowed')
      const set = this.#usersetsOf(node.name).find((one) => this.#suffices(one, this.#find(one.relation), rank))
      if (set) return [await this.#step(node.relation, set, this.#find(set.relation))]
      return rule ? [await rule.explain(rank)] : []
    }
    const own = rule && node.own === undefined ? [] : this.#ownTuples(node)
    const ruled = rule ? [await rule.explain(undefined)] : []
    const steps = await this.#steps(
      node.relation,
      this.#usersetsOf(node.name).map((set) => ({ set, target: this.#find(set.relation) })),
    )
    return [...own, ...ruled, ...steps]
  }

  /** What to make of the rules of an object's relation. */
  #rulesOf([namespace, object]: ObjectRelation): RewriteCases<AppliedRule> {
    return {
      computed: (relation) => {
        const target = this.#find([namespace, object, relation])
        return this.#counted({
          truth: (rank) => this.#truthBelow(target, rank),
          explain: async () => (target ? this.#node(target) : limit),
        })
      },
      traverse: (relation, target) => this.#counted(this.#traversal([namespace, object, relation], target)),
      exclusion: (child) => {
        const truth = () => negate(child.truth(undefined))
        const explain = async (): Promise<PermissionExplanation> => ({
          kind: 'exclusion',
          outcome: outcomes[truth()],
          children: [await child.explain(undefined)],
        })
        return this.#counted({ truth, explain })
      },
      union: (children) => {
        const truth = (rank: number | undefined) => any(children.map((child) => child.truth(rank)))
        return this.#counted({
          truth,
          explain: async (rank) => {
            const sufficient = children.length > 1 && children.find((child) => child.truth(rank) === 'yes')
            if (sufficient) return { kind: 'union', outcome: 'allowed', children: [await sufficient.explain(rank)] }
            return drawOperator('union', { truth, children, rank })
          },
        })
      },
      intersection: (children) => {
        const truth = (rank: number | undefined) => negate(any(children.map((child) => negate(child.truth(rank)))))
        return this.#counted({ truth, explain: (rank) => drawOperator('intersection', { truth, children, rank }) })
      },
    }
  }

  /** The same rule, drawn only while the tree is small enough. */
  #counted(rule: AppliedRule): AppliedRule {
    return { ...rule, explain: async (rank) => (++this.#drawn > maxNodes ? limit : rule.explain(rank)) }
  }

  #traversal(over: ObjectRelation, targetRelation: string): AppliedRule {
    const steps = this.#traversed(over, targetRelation)
    const truth = (rank: number | undefined) => {
      const truths = steps.map(({ set, target }) => this.#truthUnder(set, this.#truthBelow(target, rank)))
      return any(this.#resolution.usersets.get(nameOf(over))?.isComplete === false ? [...truths, 'unknown'] : truths)
    }
    const explain = async (rank: number | undefined): Promise<PermissionExplanation> => {
      const outcome = outcomes[truth(rank)]
      const sufficient = steps.find(({ set, target }) => this.#suffices(set, target, rank))
      const drawn = outcome === 'allowed' && sufficient ? [sufficient] : steps
      const [namespace, object, relation] = over
      return {
        kind: 'traversal',
        outcome,
        relation: { namespace, object, relation },
        children: await this.#steps(over, drawn),
      }
    }
    return { truth, explain }
  }

  /** The steps of a traversal, found once however often it is drawn. */
  #traversed(over: ObjectRelation, targetRelation: string): readonly Step[] {
    const name = nameOf([...over, targetRelation])
    const found = this.#traversals.get(name)
    if (found) return found
    const steps = this.#usersetsOf(nameOf(over)).map((set) => {
      const [namespace, object] = set.relation
      return { set, target: this.#find([namespace, object, targetRelation]) }
    })
    countSteps(stepsPerSet * steps.length)
    this.#traversals.set(name, steps)
    return steps
  }

  /** The steps from a relation, as far as there is room for them. */
  async #steps(from: ObjectRelation, steps: readonly Step[]): Promise<PermissionExplanation[]> {
    const drawn: PermissionExplanation[] = []
    for (const { set, target } of steps) {
      if (this.#drawn > maxNodes) return [...drawn, limit]
      drawn.push(await this.#step(from, set, target))
    }
    return drawn
  }

  /** A relationship to a subject set, and what stands behind it. */
  async #step(from: ObjectRelation, set: Userset, target: CheckNode | undefined): Promise<PermissionExplanation> {
    this.#drawn++
    const [namespace, object, relation] = set.relation
    const stored = set.conditions.includes('') ? '' : (set.conditions[0] ?? '')
    const relationship = this.#relationship(from, { subject_set: { namespace, object, relation } }, stored)
    const truth = this.#truthUnder(set, target?.truth ?? 'unknown')
    return { ...relationship, outcome: outcomes[truth], children: [target ? await this.#node(target) : limit] }
  }

  /** The subject's own relationships, or the one that is missing. */
  #ownTuples(node: CheckNode): PermissionExplanation[] {
    const own = node.isOwnNeeded ? (this.#resolution.facts.ownConditions(node.name) ?? []) : []
    const missing = this.#relationship(node.relation, this.#subject, '')
    if (own.length === 0) {
      const isMissing = node.isOwnNeeded || node.truth === 'no' || this.#isImpossible(node.relation)
      return [{ ...missing, outcome: isMissing ? 'denied' : 'unknown' }]
    }
    const conditions = own.includes('') ? [''] : [...new Set(own)]
    return conditions.map((stored) => this.#relationship(node.relation, this.#subject, stored))
  }

  /** Whether no relationship of the relation has a subject of this shape, so that none was read. */
  #isImpossible([namespace, , relation]: ObjectRelation): boolean {
    const { shapes, subjectShape } = this.#resolution.facts
    return shapes !== undefined && !shapes.of(namespace, relation)?.subjects.has(subjectShape)
  }

  #relationship([namespace, object, relation]: ObjectRelation, subject: Subject, stored: string) {
    const relationship: Relationship = { namespace, object, relation, ...subject }
    if (stored === '') return { kind: 'relationship', outcome: 'allowed', relationship } as const
    const condition = this.#condition(stored)
    const conditional = { ...relationship, condition: openCondition(stored) }
    return { kind: 'relationship', outcome: condition.outcome, relationship: conditional, condition } as const
  }

  #condition(stored: string): ExplainedCondition {
    const outcome = this.#question.conditions.outcome(stored)
    if (typeof outcome === 'string') return { outcome: outcomes[outcome] }
    if ('missing' in outcome) return { outcome: 'unknown', missing: [...outcome.missing] }
    return { outcome: 'unknown', fault: outcome.fault }
  }

  #suffices(set: Userset, target: CheckNode | undefined, rank: number | undefined): boolean {
    return this.#truthUnder(set, this.#truthBelow(target, rank)) === 'yes'
  }

  /** Whether a node is true without nodes of a rank or above, so that no reason rests on itself. */
  #truthBelow(node: CheckNode | undefined, rank: number | undefined): Truth {
    if (!node) return 'unknown'
    const own = this.#ranks.get(node)
    return rank !== undefined && own !== undefined && own >= rank ? 'unknown' : node.truth
  }

  #truthUnder({ conditions }: Userset, truth: Truth): Truth {
    countSteps(stepsPerSet)
    const condition = evaluateAny(this.#resolution.facts, conditions)
    return negate(any([negate(condition), negate(truth)]))
  }

  #find(relation: ObjectRelation): CheckNode | undefined {
    return this.#resolution.plan.nodes.get(nameOf(relation))
  }

  #usersetsOf(name: string): readonly Userset[] {
    return this.#resolution.usersets.get(name)?.found ?? []
  }

  #declared([namespace, , relation]: ObjectRelation): Relation | 'fault' | undefined {
    try {
      return relationOf(this.#ctx, namespace, relation)
    } catch {
      return 'fault'
    }
  }
}

/** An operator with one operand is drawn as that. */
async function drawOperator(
  kind: 'union' | 'intersection',
  {
    truth,
    children,
    rank,
  }: { truth: AppliedRule['truth']; children: readonly AppliedRule[]; rank: number | undefined },
): Promise<PermissionExplanation> {
  const [only] = children
  if (only && children.length === 1) return only.explain(rank)
  const drawn: PermissionExplanation[] = []
  for (const child of children) drawn.push(await child.explain(rank))
  return { kind, outcome: outcomes[truth(rank)], children: drawn }
}
