import type { ApiError } from '@latchkey/api'
import type { Relation } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import { type InterruptibleWork, isTurnOver, nextTurn } from '../turn.ts'
import { distanceTo, partsByDistance, type SubjectClosure } from './closure/closure.ts'
import { type Declared, declaredSets, mayHoldSets, mayNameSubject } from './declared.ts'
import { type Expander, expansionOf, type Place } from './expansion.ts'
import { type CheckNode, type Formula, type Limitation, nodeFormula, type Truth } from './formula.ts'
import type { ObjectRelation } from './store.ts'
import type { TupleShapes } from './tuple-shapes.ts'
import { emptyUsersets, type Userset, type Usersets } from './usersets.ts'

/** The namespaces of a project, and the limits of its checks. */
export interface CheckModel {
  /** @throws ApiError where the namespace declares relations, but not this one. */
  relation(namespace: string, relation: string): Relation | undefined
  readonly isStrict: boolean
  readonly maxWidth: number
}

/** What is known of the tuples that concern one subject. A plan asks for the rest. */
export interface TupleFacts {
  readonly shapes: TupleShapes | undefined
  /** The shape of the subject, as `subjectShape` names it. */
  readonly subjectShape: string
  readonly closure: SubjectClosure | undefined
  /** The conditions of the tuples that give the subject a relation; undefined until they are read. */
  ownConditions(name: string): readonly string[] | undefined
  usersets(name: string): Usersets | undefined
  /** Evaluates conditions in advance. False when others should have their turn before the next one. */
  prepareAny(conditions: readonly string[]): boolean
  /** Whether any of some conditions holds. */
  evaluateAny(conditions: readonly string[]): Truth
}

/** The nodes of one check as far as the facts lead, and which facts are missing. */
export interface CheckPlan {
  readonly root: CheckNode
  /** By name. */
  readonly nodes: ReadonlyMap<string, CheckNode>
  /** The same; most of them stand before those that they rest on. */
  readonly nodeList: readonly CheckNode[]
  /** The nodes whose own tuples have to be read. */
  readonly ownQuestions: readonly CheckNode[]
  /** The relations whose subject sets have to be read, by name. */
  readonly usersetQuestions: ReadonlyMap<string, ObjectRelation>
  /** Whether a limit of depth or width cut anything off. */
  readonly isLimited: boolean
  readonly hasNegation: boolean
  /** An undeclared relation on the way; it counts only where the answer is not yes all the same. */
  readonly fault: ApiError | undefined
}

/** The same plan with the own tuples of its nodes, which have been read. */
export async function withOwnTuples(plan: CheckPlan, facts: TupleFacts): Promise<CheckPlan> {
  for (const node of plan.ownQuestions) {
    const conditions = facts.ownConditions(node.name) ?? []
    while (!facts.prepareAny(conditions)) await nextTurn()
    node.own = evaluateAny(facts, conditions)
    if (isTurnOver(1 / 8)) await nextTurn()
  }
  return { ...plan, ownQuestions: [] }
}

/** Whether any of the conditions under which tuples count holds; without tuples there are none. */
export function evaluateAny(facts: TupleFacts, conditions: readonly string[]): Truth {
  if (conditions.length === 0) return 'no'
  return conditions.includes('') ? 'yes' : facts.evaluateAny(conditions)
}

/** Whether no condition needs to be evaluated. */
function isDecided(conditions: readonly string[]): boolean {
  return conditions.length === 0 || conditions.includes('')
}

const unknown: Formula = { kind: 'unknown' }

/** Subject sets that are being expanded. */
interface PendingSets {
  readonly usersets: Usersets
  readonly parts: Formula[]
  readonly depth: number
  /** The relation of their objects that a rule leads to; undefined: the relation of each set. */
  readonly target: string | undefined
  at: number
}

/** Works a check out from the model, without input or output: the same facts give the same plan. */
export class Planner implements Expander, InterruptibleWork {
  readonly #model: CheckModel
  readonly #facts: TupleFacts
  readonly #nodes = new Map<string, CheckNode>()
  readonly #nodeList: CheckNode[] = []
  readonly #ownQuestions: CheckNode[] = []
  readonly #usersetQuestions = new Map<string, ObjectRelation>()
  /** Nodes to be expanded: new ones, and those to which more depth leads than before. */
  #queue: CheckNode[] = []
  #level: readonly CheckNode[] = []
  #at = 0
  #pendingSets: PendingSets[] = []
  /** Nodes whose own tuples have conditions that are to be evaluated. */
  #pendingOwn: { readonly node: CheckNode; readonly conditions: readonly string[] }[] = []
  readonly #root: CheckNode
  #isLimited = false
  #hasNegation = false
  #fault: ApiError | undefined

  constructor({ relation, depth }: { relation: ObjectRelation; depth: number }, model: CheckModel, facts: TupleFacts) {
    this.#model = model
    this.#facts = facts
    this.#root = this.#reach(relation, depth, false)
  }

  advance(): boolean {
    for (;;) {
      if (!this.#advancePending()) return false
      if (this.#at === this.#level.length) {
        if (this.#queue.length === 0) return true
        this.#level = this.#queue
        this.#queue = []
        this.#at = 0
      }
      const node = this.#level[this.#at++] as CheckNode
      node.parts = this.#partsOf(node)
      if (isTurnOver()) return false
    }
  }

  #advancePending(): boolean {
    for (let sets = this.#pendingSets[0]; sets; sets = this.#pendingSets[0]) {
      if (!this.#advanceSets(sets)) return false
      this.#pendingSets.shift()
    }
    for (let own = this.#pendingOwn[0]; own; own = this.#pendingOwn[0]) {
      if (!this.#facts.prepareAny(own.conditions)) return false
      own.node.own = evaluateAny(this.#facts, own.conditions)
      this.#pendingOwn.shift()
    }
    return true
  }

  /** The plan, once it is complete. */
  get plan(): CheckPlan {
    return {
      root: this.#root,
      nodes: this.#nodes,
      nodeList: this.#nodeList,
      ownQuestions: this.#ownQuestions,
      usersetQuestions: this.#usersetQuestions,
      isLimited: this.#isLimited,
      hasNegation: this.#hasNegation,
      fault: this.#fault,
    }
  }

  /** The node for a relation. `isOwnCounted`: a tuple of its own counts even where no step is left. */
  #reach(relation: ObjectRelation, depth: number, isOwnCounted: boolean): CheckNode {
    const name = nameOf(relation)
    let node = this.#nodes.get(name)
    if (!node) {
      node = {
        relation,
        name,
        depth: -1,
        isOwnCounted: false,
        isOwnNeeded: false,
        own: undefined,
        parts: [],
        truth: 'unknown',
      }
      this.#nodes.set(name, node)
      this.#nodeList.push(node)
    }
    if (depth > node.depth || (isOwnCounted && !node.isOwnCounted)) {
      node.depth = Math.max(depth, node.depth)
      node.isOwnCounted ||= isOwnCounted
      this.#queue.push(node)
    }
    if (!node.isOwnNeeded && (isOwnCounted || depth > 1) && this.#needsOwn(node)) {
      node.isOwnNeeded = true
      const { closure } = this.#facts
      const conditions = closure?.own ? (closure.own.get(name) ?? []) : this.#facts.ownConditions(name)
      if (!conditions) this.#ownQuestions.push(node)
      else if (isDecided(conditions)) node.own = evaluateAny(this.#facts, conditions)
      else this.#pendingOwn.push({ node, conditions })
    }
    return node
  }

  #needsOwn(node: CheckNode): boolean {
    if (this.#distanceTo(node) !== undefined) return false
    const [namespace, , relation] = node.relation
    const { shapes, subjectShape } = this.#facts
    if (shapes && !shapes.of(namespace, relation)?.subjects.has(subjectShape)) return false
    // In strict mode a tuple on a permission says nothing, nor does one of a subject that is not declared.
    return !this.#model.isStrict || mayNameSubject(this.#declared(node.relation), subjectShape)
  }

  #partsOf(node: CheckNode): readonly Formula[] {
    const { relation, depth } = node
    const distance = this.#distanceTo(node)
    if (distance !== undefined) return partsByDistance(node, distance)
    if (depth <= 0) return [this.limit()]
    const declared = this.#declared(relation)
    if (declared === 'fault') return [unknown]
    const parts = declared?.rewrite ? [expansionOf(declared.rewrite).expand(this, { node, depth })] : []
    // In strict mode a relation holds only the subject sets that it is declared to hold.
    const strict = this.#model.isStrict ? declared : undefined
    if (strict && !mayHoldSets(strict) && (depth > 1 || node.isOwnCounted || strict.rewrite)) return parts
    if (depth <= 1) return [...parts, this.limit()]
    const usersets = this.#usersetsOf(node)
    if (!usersets) return [...parts, unknown]
    const counted = strict ? declaredSets(usersets, strict) : usersets
    return this.#expandSets(counted, { parts, depth, target: undefined })
  }

  #expandSets(usersets: Usersets, { parts, depth, target }: Pick<PendingSets, 'parts' | 'depth' | 'target'>) {
    const isTooWide = target === undefined && usersets.found.length > this.#model.maxWidth
    // Without strict mode the sets beyond the width say by themselves that they are unknown.
    if (isTooWide && this.#model.isStrict) parts.push(this.limit('max_width_exceeded'))
    const pending = { usersets, parts, depth, target, at: 0 }
    if (!this.#advanceSets(pending)) this.#pendingSets.push(pending)
    return parts
  }

  #advanceSets(pending: PendingSets): boolean {
    const { usersets, parts, depth, target } = pending
    const { found, isComplete } = usersets
    for (; pending.at < found.length; pending.at++) {
      if (isTurnOver()) return false
      const userset = found[pending.at] as Userset
      if (!this.#facts.prepareAny(userset.conditions)) return false
      // Of the sets beyond the width only their own tuples count, not what they rest on.
      const left = target !== undefined || pending.at < this.#model.maxWidth ? depth - 1 : 0
      const [namespace, object, relation] = userset.relation
      const node = this.#reach([namespace, object, target ?? relation], left, target === undefined)
      parts.push(this.#under(userset, nodeFormula(node)))
    }
    if (!isComplete) parts.push(this.limit('max_width_exceeded'))
    return true
  }

  computed({ node, depth }: Place, relation: string, isOwnCounted: boolean): Formula {
    const [namespace, object] = node.relation
    return nodeFormula(this.#reach([namespace, object, relation], depth, isOwnCounted))
  }

  traverse({ node, depth }: Place, relation: string, target: string): Formula {
    const [namespace, object] = node.relation
    const over = [namespace, object, relation] as const
    const usersets = this.#usersetsOf({ relation: over, name: nameOf(over) })
    if (!usersets) return unknown
    return { kind: 'any', parts: this.#expandSets(usersets, { parts: [], depth, target }) }
  }

  negation(part: Formula): Formula {
    this.#hasNegation = true
    return { kind: 'not', part }
  }

  limit(limit: Limitation = 'max_depth_exceeded'): Formula {
    this.#isLimited = true
    return { kind: 'unknown', limit }
  }

  /** Something that counts under the conditions of the tuples that lead there. */
  #under({ conditions }: Userset, formula: Formula): Formula {
    const truth = evaluateAny(this.#facts, conditions)
    if (truth === 'yes') return formula
    return truth === 'no' ? { kind: 'any', parts: [] } : { kind: 'all', parts: [formula, unknown] }
  }

  #distanceTo(node: CheckNode) {
    return this.#model.isStrict ? undefined : distanceTo(this.#facts.closure, this.#facts.shapes, node)
  }

  #usersetsOf({ relation, name }: Pick<CheckNode, 'relation' | 'name'>): Usersets | undefined {
    const { shapes } = this.#facts
    if (shapes && !shapes.of(relation[0], relation[2])?.holdsUsersets) return emptyUsersets
    const usersets = this.#facts.usersets(name)
    if (!usersets) this.#usersetQuestions.set(name, relation)
    return usersets
  }

  #declared([namespace, , relation]: ObjectRelation): Declared {
    try {
      return this.#model.relation(namespace, relation)
    } catch (error) {
      this.#fault ??= error as ApiError
      return 'fault'
    }
  }
}
