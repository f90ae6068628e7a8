import type { Context } from '../../kernel/context.ts'
import type { NamespaceRelation } from '../check/tuple-shapes.ts'
import { nameOf } from '../tuples/name.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import { maxFound } from './limits.ts'
import type { RewriteGraph } from './rewrite-graph.ts'
import { readInSlices } from './slices.ts'
import { objectsWith, type SubjectRelation } from './store.ts'

/**
 * The objects to which a subject may have the relation of a graph, found from the tuples of the subject: one statement
 * for each step, however wide. Unless the graph is unbounded, none is missing. Undefined where too much is found.
 */
export async function reverseExpand(
  ctx: Context,
  graph: RewriteGraph,
  { asked, subject }: { asked: NamespaceRelation; subject: SubjectColumns },
): Promise<string[] | undefined> {
  const edges = reversedEdges(graph)
  const found = new Map<string, Candidate>()
  let questions: Questions = new Map()
  const { subject_namespace: namespace, subject_object: object, subject_relation: usersetRelation } = subject
  for (const { relation } of graph.nodes.values()) {
    addQuestion(questions, [namespace, object, usersetRelation, ...relation], relation)
  }
  while (questions.size > 0) {
    if (questions.size > maxFound) return undefined
    const list = [...questions.values()]
    const asked = list.map(({ question }) => question)
    const rows = await readInSlices(ctx, asked, objectsWith)
    if (!rows) return undefined
    questions = new Map()
    for (const { question, object } of rows) {
      for (const relation of list[question]?.grants ?? []) {
        for (const candidate of follow(found, edges, { relation, object })) ask(questions, edges, candidate)
      }
      if (isTurnOver()) await nextTurn()
    }
    if (found.size > maxFound) return undefined
  }
  return [...found.values()].filter(({ relation }) => nameOf(relation) === nameOf(asked)).map(({ object }) => object)
}

/** The subject may have the relation to the object. */
interface Candidate {
  readonly relation: NamespaceRelation
  readonly object: string
}

/** Which objects have tuples with a subject in a relation, and which relations such a tuple may grant. */
type Questions = Map<string, { question: SubjectRelation; grants: NamespaceRelation[] }>

function addQuestion(questions: Questions, question: SubjectRelation, grants: NamespaceRelation): void {
  const name = nameOf(question)
  const existing = questions.get(name)
  if (existing) existing.grants.push(grants)
  else questions.set(name, { question, grants: [grants] })
}

/** The edges of a graph, reversed: from each relation to what can follow from it. */
interface Edges {
  /** To relations of the same object. */
  readonly computed: ReadonlyMap<string, readonly NamespaceRelation[]>
  /** Over tuples of the relation `over` whose subject is a set of the relation `usersetRelation`. */
  readonly tuples: ReadonlyMap<string, readonly TupleEdge[]>
}

interface TupleEdge {
  readonly usersetRelation: string
  readonly over: NamespaceRelation
  readonly grants: NamespaceRelation
}

function reversedEdges({ nodes }: RewriteGraph): Edges {
  const all = [...nodes.values()]
  const computed = all.flatMap(({ relation, computed }) => computed.map((from) => ({ from, to: relation })))
  const tuples = all.flatMap(({ relation, usersets, traversed }) => [
    ...usersets.map((from) => ({ from, to: { usersetRelation: from[1], over: relation, grants: relation } })),
    ...traversed.map(({ to: from, usersetRelation, over }) => ({
      from,
      to: { usersetRelation, over: [relation[0], over] as const, grants: relation },
    })),
  ])
  return { computed: byRelation(computed), tuples: byRelation(tuples) }
}

function byRelation<Edge>(edges: readonly { from: NamespaceRelation; to: Edge }[]): Map<string, Edge[]> {
  const grouped = new Map<string, Edge[]>()
  for (const { from, to } of edges) grouped.set(nameOf(from), [...(grouped.get(nameOf(from)) ?? []), to])
  return grouped
}

/** A candidate, and those that follow from it for the same object, as far as they are new. */
function follow(found: Map<string, Candidate>, { computed }: Edges, first: Candidate): Candidate[] {
  const added: Candidate[] = []
  const queue = [first]
  for (let candidate = queue.pop(); candidate; candidate = queue.pop()) {
    const { relation, object } = candidate
    const name = nameOf([...relation, object])
    if (found.has(name)) continue
    found.set(name, candidate)
    added.push(candidate)
    queue.push(...(computed.get(nameOf(relation)) ?? []).map((to) => ({ relation: to, object })))
  }
  return added
}

function ask(questions: Questions, { tuples }: Edges, { relation, object }: Candidate): void {
  for (const { usersetRelation, over, grants } of tuples.get(nameOf(relation)) ?? []) {
    addQuestion(questions, [relation[0], object, usersetRelation, ...over], grants)
  }
}
