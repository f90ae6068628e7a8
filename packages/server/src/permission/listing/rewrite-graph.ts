import type { Context } from '../../kernel/context.ts'
import type { NamespaceRelation } from '../check/tuple-shapes.ts'
import { relationOf } from '../namespaces.ts'
import { foldRewrite, type RewriteCases } from '../opl/fold-rewrite.ts'
import type { Rewrite } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import { listShapes } from '../tuples/store.ts'

/** A relation of a namespace, and what it can follow from apart from a tuple that names the subject itself. */
export interface GraphNode {
  readonly relation: NamespaceRelation
  readonly rewrite: Rewrite | undefined
  /** Relations of the same object. */
  readonly computed: readonly NamespaceRelation[]
  /** The relations of the subject sets that have this relation in tuples. */
  readonly usersets: readonly NamespaceRelation[]
  readonly traversed: readonly Traversal[]
}

/** A relation of the objects that another relation leads to. */
export interface Traversal {
  /** The relation that leads there. */
  readonly over: string
  /** The relation of the subject sets in its tuples; it does not count, but an index needs it. */
  readonly usersetRelation: string
  readonly to: NamespaceRelation
}

/** Everything that a relation can follow from, itself included. */
export interface RewriteGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>
  /**
   * Whether a subject without any tuple may have the relation, since a rule says only who is excluded. Otherwise a path
   * of `computed`, `usersets` and `traversed` leads from every subject that has it to a tuple of that subject.
   */
  readonly isUnbounded: boolean
}

/** The rewrite graph of a relation, by the model and by the shapes of tuples; exclusions grant nothing. */
export async function readRewriteGraph(ctx: Context, asked: NamespaceRelation): Promise<RewriteGraph> {
  const usersets = usersetsByRelation(await listShapes(ctx))
  const nodes = new Map<string, GraphNode>()
  const queue: NamespaceRelation[] = [asked]
  for (let relation = queue.pop(); relation; relation = queue.pop()) {
    if (nodes.has(nameOf(relation))) continue
    const node = nodeOf(ctx, relation, usersets)
    nodes.set(nameOf(relation), node)
    queue.push(...node.computed, ...node.usersets, ...node.traversed.map(({ to }) => to))
  }
  return { nodes, isUnbounded: unboundedRelations([...nodes.values()]).has(nameOf(asked)) }
}

type Usersets = ReadonlyMap<string, readonly NamespaceRelation[]>

function usersetsByRelation(rows: Awaited<ReturnType<typeof listShapes>>): Usersets {
  const usersets = new Map<string, NamespaceRelation[]>()
  for (const { namespace, relation, subject_namespace, subject_relation } of rows) {
    if (subject_namespace === '') continue
    const name = nameOf([namespace, relation])
    const found = usersets.get(name) ?? []
    found.push([subject_namespace, subject_relation])
    usersets.set(name, found)
  }
  return usersets
}

function nodeOf(ctx: Context, relation: NamespaceRelation, usersets: Usersets): GraphNode {
  const [namespace] = relation
  const rewrite = rewriteOf(ctx, relation)
  const rules = rewrite ? foldRewrite(rewrite, grantingRules) : []
  return {
    relation,
    rewrite,
    computed: rules.flatMap((rule) => (rule.kind === 'computed' ? [[namespace, rule.relation] as const] : [])),
    usersets: usersets.get(nameOf(relation)) ?? [],
    traversed: rules.flatMap((rule) => {
      if (rule.kind !== 'traverse') return []
      const found = usersets.get(nameOf([namespace, rule.relation])) ?? []
      return found.map(([of, usersetRelation]) => {
        return { over: rule.relation, usersetRelation, to: [of, rule.target] as const }
      })
    }),
  }
}

/** Of a relation that the model does not declare, a check reads only the own tuples. */
function rewriteOf(ctx: Context, [namespace, relation]: NamespaceRelation): Rewrite | undefined {
  try {
    return relationOf(ctx, namespace, relation)?.rewrite
  } catch {
    return undefined
  }
}

type LeafRule = Rewrite & { kind: 'computed' | 'traverse' }

/** The rules within a rule that can grant the relation. */
const grantingRules: RewriteCases<LeafRule[]> = {
  computed: (relation) => [{ kind: 'computed', relation }],
  traverse: (relation, target) => [{ kind: 'traverse', relation, target }],
  exclusion: () => [],
  union: (children) => children.flat(),
  intersection: (children) => children.flat(),
}

/** The least set of relations that contains each one which is unbounded given the others. */
function unboundedRelations(nodes: readonly GraphNode[]): Set<string> {
  const unbounded = new Set<string>()
  const isUnbounded = (relation: NamespaceRelation) => unbounded.has(nameOf(relation))
  for (let before = -1; before !== unbounded.size; ) {
    before = unbounded.size
    // Nodes stand before those that they follow from, so that going backwards settles most of them in one pass.
    for (const node of nodes.toReversed()) {
      const { relation, rewrite, usersets } = node
      const follows = rewrite && foldRewrite(rewrite, unboundedCases(node, isUnbounded))
      if (follows || usersets.some(isUnbounded)) unbounded.add(nameOf(relation))
    }
  }
  return unbounded
}

function unboundedCases(
  { relation: [namespace], traversed }: GraphNode,
  isUnbounded: (relation: NamespaceRelation) => boolean,
): RewriteCases<boolean> {
  return {
    computed: (relation) => isUnbounded([namespace, relation]),
    traverse: (relation, target) =>
      traversed.some(({ over, to }) => over === relation && to[1] === target && isUnbounded(to)),
    exclusion: () => true,
    union: (children) => children.includes(true),
    intersection: (children) => !children.includes(false),
  }
}
