import type { Context } from '../../kernel/context.ts'
import type { ObjectRelation } from '../check/store.ts'
import { nameOf } from '../tuples/name.ts'
import { isTurnOver, nextTurn } from '../turn.ts'
import { maxFound } from './limits.ts'
import type { RewriteGraph } from './rewrite-graph.ts'
import { readInSlices } from './slices.ts'
import { usersetsWith } from './store.ts'

/**
 * The relations of objects that a relation of an object may follow from, itself included: one statement for each step,
 * however wide. Unless the graph is unbounded, whoever has the relation is the subject of a tuple of one of these.
 * Undefined where too much is found.
 */
export async function forwardExpand(
  ctx: Context,
  graph: RewriteGraph,
  asked: ObjectRelation,
): Promise<ObjectRelation[] | undefined> {
  const found = new Map<string, ObjectRelation>()
  let questions: Questions = new Map()
  for (const relation of follow(found, graph, asked)) ask(questions, graph, relation)
  while (questions.size > 0) {
    if (questions.size > maxFound) return undefined
    const list = [...questions.values()]
    const relations = list.map(({ relation }) => relation)
    const rows = await readInSlices(ctx, relations, usersetsWith)
    if (!rows) return undefined
    questions = new Map()
    for (const { question, subject_namespace: namespace, subject_object: object, subject_relation } of rows) {
      for (const target of list[question]?.targets ?? []) {
        const first = [namespace, object, target ?? subject_relation] as const
        for (const relation of follow(found, graph, first)) ask(questions, graph, relation)
      }
      if (isTurnOver()) await nextTurn()
    }
    if (found.size > maxFound) return undefined
  }
  return [...found.values()]
}

/** Which subject sets have a relation, and which relation of their objects matters; undefined: that of the set. */
type Questions = Map<string, { relation: ObjectRelation; targets: Set<string | undefined> }>

function addQuestion(questions: Questions, relation: ObjectRelation, target: string | undefined): void {
  const name = nameOf(relation)
  const existing = questions.get(name)
  if (existing) existing.targets.add(target)
  else questions.set(name, { relation, targets: new Set([target]) })
}

/** A relation, and those of the same object that it follows from, as far as they are new. */
function follow(found: Map<string, ObjectRelation>, { nodes }: RewriteGraph, first: ObjectRelation): ObjectRelation[] {
  const added: ObjectRelation[] = []
  const queue = [first]
  for (let one = queue.pop(); one; one = queue.pop()) {
    if (found.has(nameOf(one))) continue
    found.set(nameOf(one), one)
    added.push(one)
    const [namespace, object, relation] = one
    const { computed = [] } = nodes.get(nameOf([namespace, relation])) ?? {}
    queue.push(...computed.map(([, other]) => [namespace, object, other] as const))
  }
  return added
}

function ask(questions: Questions, { nodes }: RewriteGraph, asked: ObjectRelation): void {
  const [namespace, object, relation] = asked
  const node = nodes.get(nameOf([namespace, relation]))
  if (!node) return
  if (node.usersets.length > 0) addQuestion(questions, asked, undefined)
  for (const { over, to } of node.traversed) addQuestion(questions, [namespace, object, over], to[1])
}
