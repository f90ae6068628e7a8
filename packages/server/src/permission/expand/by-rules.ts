import type { ExpandedPermissionTree } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { ObjectRelation } from '../check/store.ts'
import { relationOf } from '../namespaces.ts'
import { foldRewrite, type RewriteCases } from '../opl/fold-rewrite.ts'
import type { Rewrite } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import { type Subject, type SubjectColumns, subjectOf } from '../tuples/subject.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import { readLevel, stepsPerMember } from './read-level.ts'

interface Bounds {
  readonly depth: number
  /** The maximum number of nodes below the root. */
  readonly size: number
}

/**
 * The members of a subject set by the rules of the model, as Keto shows them with `feature_flags.expand_rewrites`: a rule
 * is a node of its own, and a set that contains itself, is beyond the depth or has no room left has no children. There is
 * one statement for each level of the tree.
 */
export async function expandByRules(
  ctx: Context,
  root: ObjectRelation,
  bounds: Bounds,
): Promise<ExpandedPermissionTree> {
  const members = await readMembers(ctx, root, bounds)
  await nextTurn()
  return new Drawing(ctx, members, bounds.size).set(root, bounds.depth)
}

/** The subjects of stored tuples, by the name of the relation. */
type Members = ReadonlyMap<string, readonly SubjectColumns[]>

/** A relation whose tuples are read, and what their subject sets lead to; undefined: to the sets themselves. */
interface Reading {
  readonly relation: ObjectRelation
  readonly targets: Set<string | undefined>
}

async function readMembers(ctx: Context, root: ObjectRelation, { depth, size }: Bounds): Promise<Members> {
  const members = new Map<string, SubjectColumns[]>()
  const reached = new Set([nameOf(root)])
  let open: ObjectRelation[] = [root]
  for (let rest = depth; rest > 1 && size > 0 && open.length > 0; rest--) {
    const next: ObjectRelation[] = []
    const reach = (set: ObjectRelation) => {
      const name = nameOf(set)
      if (!reached.has(name)) next.push(set)
      reached.add(name)
    }
    const readings = readingsOf(ctx, open, reach)
    for (const { relation } of readings) members.set(nameOf(relation), [])
    const relations = readings.map(({ relation }) => relation)
    for (const { question, ...subject } of await readLevel(ctx, relations, size)) {
      const { relation, targets } = readings[question] as Reading
      members.get(nameOf(relation))?.push(subject)
      for (const target of targets) {
        const set = setOf(subject, target)
        if (set) reach(set)
      }
      if (isTurnOver(stepsPerMember)) await nextTurn()
    }
    open = next
  }
  return members
}

/** Which tuples some sets rest on; what they rest on without tuples is reached at once. */
function readingsOf(
  ctx: Context,
  sets: readonly ObjectRelation[],
  reach: (set: ObjectRelation) => void,
): readonly Reading[] {
  const readings = new Map<string, Reading>()
  const read = (relation: ObjectRelation, target: string | undefined) => {
    const name = nameOf(relation)
    const reading = readings.get(name) ?? { relation, targets: new Set() }
    readings.set(name, reading)
    reading.targets.add(target)
  }
  for (const set of sets) {
    const [namespace, object] = set
    const rewrite = rewriteOf(ctx, set)
    if (!rewrite) read(set, undefined)
    for (const rule of rewrite ? foldRewrite(rewrite, leafRules) : []) {
      if (rule.kind === 'computed') reach([namespace, object, rule.relation])
      else read([namespace, object, rule.relation], rule.target)
    }
  }
  return [...readings.values()]
}

type LeafRule = Rewrite & { kind: 'computed' | 'traverse' }

const leafRules: RewriteCases<LeafRule[]> = {
  computed: (relation) => [{ kind: 'computed', relation }],
  traverse: (relation, target) => [{ kind: 'traverse', relation, target }],
  exclusion: (child) => child,
  union: (children) => children.flat(),
  intersection: (children) => children.flat(),
}

class Drawing {
  readonly #ctx: Context
  readonly #members: Members
  /** The sets from the root to where the tree is being drawn. */
  readonly #path = new Set<string>()
  /** How many more nodes there may be. */
  #room: number

  constructor(ctx: Context, members: Members, room: number) {
    this.#ctx = ctx
    this.#members = members
    this.#room = room
  }

  set(set: ObjectRelation, rest: number): ExpandedPermissionTree {
    const name = nameOf(set)
    const node: ExpandedPermissionTree = { type: 'union', ...about(subjectSet(set)) }
    if (rest <= 1 || this.#path.has(name)) return node
    this.#path.add(name)
    const rewrite = rewriteOf(this.#ctx, set)
    const drawn = rewrite
      ? this.#rule(set, operatorOf(rewrite), rest)
      : withChildren(
          node,
          this.#each(this.#members.get(name), (subject) => this.#member(subject, rest - 1)),
        )
    this.#path.delete(name)
    return drawn
  }

  #member(subject: SubjectColumns, rest: number): ExpandedPermissionTree {
    const set = setOf(subject, undefined)
    return set ? this.set(set, rest) : { type: 'leaf', ...about(subjectOf(subject)) }
  }

  #rule(set: ObjectRelation, rule: Rewrite, rest: number): ExpandedPermissionTree {
    const [namespace, object] = set
    if (rule.kind === 'computed') return this.set([namespace, object, rule.relation], rest - 1)
    if (rule.kind === 'exclusion') {
      return withChildren(
        { type: 'exclusion' },
        this.#each([unwrap(rule.child)], (child) => this.#operand(set, child, rest)),
      )
    }
    if (rule.kind === 'traverse') {
      const over = [namespace, object, rule.relation] as const
      const sets = (this.#members.get(nameOf(over)) ?? []).flatMap((subject) => {
        const target = setOf(subject, rule.target)
        return target ? [target] : []
      })
      const children = this.#each(sets, (target) => this.set(target, rest - 1))
      return withChildren({ type: 'union', ...about(subjectSet(over)) }, children)
    }
    const operands = rule.children.map(unwrap).sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))
    const children = this.#each(operands, (child) => this.#operand(set, child, rest))
    return withChildren({ type: rule.kind, ...about(subjectSet(set)) }, children)
  }

  /** An operator within a rule is about no set of its own. */
  #operand(set: ObjectRelation, rule: Rewrite, rest: number): ExpandedPermissionTree {
    const drawn = this.#rule(set, rule, rest)
    if (rule.kind !== 'union' && rule.kind !== 'intersection') return drawn
    const { tuple: _, ...operator } = drawn
    return operator
  }

  /** As many nodes as there is room for. */
  #each<T>(items: readonly T[] = [], draw: (item: T) => ExpandedPermissionTree): ExpandedPermissionTree[] {
    const shown = items.slice(0, this.#room)
    this.#room -= shown.length
    return shown.map(draw)
  }
}

/** What is found without following relationships comes first. */
const order: readonly Rewrite['kind'][] = ['computed', 'traverse', 'union', 'intersection', 'exclusion']

function withChildren(node: ExpandedPermissionTree, children: ExpandedPermissionTree[]): ExpandedPermissionTree {
  return children.length > 0 ? { ...node, children } : node
}

function about(subject: Subject): Pick<ExpandedPermissionTree, 'tuple'> {
  return { tuple: { namespace: '', object: '', relation: '', ...subject } }
}

function subjectSet([namespace, object, relation]: ObjectRelation): Subject {
  return { subject_set: { namespace, object, relation } }
}

/** The set that a subject stands for, or the relation of its object that a rule leads to; undefined for an id or object. */
function setOf(subject: SubjectColumns, target: string | undefined): ObjectRelation | undefined {
  const { subject_namespace: namespace, subject_object: object, subject_relation } = subject
  const relation = target ?? subject_relation
  return namespace === '' || relation === '' ? undefined : [namespace, object, relation]
}

/** As a check: a relation that the model does not declare has its tuples only. */
function rewriteOf(ctx: Context, [namespace, , relation]: ObjectRelation): Rewrite | undefined {
  try {
    return relationOf(ctx, namespace, relation)?.rewrite
  } catch {
    return undefined
  }
}

/** An operator with one operand within a rule is drawn as that. */
function unwrap(rewrite: Rewrite): Rewrite {
  const [only] = 'children' in rewrite && rewrite.children.length === 1 ? rewrite.children : []
  return only ? unwrap(only) : rewrite
}

/** Keto draws a single rule as a union of one. */
function operatorOf(rewrite: Rewrite): Rewrite {
  return 'children' in rewrite ? rewrite : { kind: 'union', children: [rewrite] }
}
