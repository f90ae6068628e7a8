import type { Context } from '../../kernel/context.ts'
import type { ObjectRelation } from '../check/store.ts'
import { nameOf } from '../tuples/name.ts'
import type { Grounds } from './grounds.ts'
import { maxFound } from './limits.ts'
import { setsWith } from './store.ts'

/**
 * The relations of objects that may bring a relation of an object about, itself included, one statement for each step
 * however wide: whoever has it is the subject of a tuple of one of these, where the grounds are not open. Undefined
 * where too much is found.
 */
export async function relationsBelow(
  ctx: Context,
  grounds: Grounds,
  asked: ObjectRelation,
): Promise<ObjectRelation[] | undefined> {
  const found = new Map<string, ObjectRelation>()
  let questions: Questions = new Map()
  for (const one of follow(found, grounds, asked)) askBelow(questions, grounds, one)
  while (questions.size > 0) {
    if (questions.size > maxFound) return undefined
    const list = [...questions.values()]
    const rows = await setsWith(
      ctx,
      list.map(({ relation }) => relation),
      maxFound + 1,
    )
    if (rows.length > maxFound) return undefined
    questions = new Map()
    for (const { question, subject_namespace: of, subject_object: object, subject_relation: members } of rows) {
      for (const target of list[question]?.targets ?? []) {
        const first = [of, object, target ?? members] as const
        for (const one of follow(found, grounds, first)) askBelow(questions, grounds, one)
      }
    }
    if (found.size > maxFound) return undefined
  }
  return [...found.values()]
}

/** Which subject sets have a relation, and which relation of their objects matters; undefined: that of the set. */
type Questions = Map<string, { relation: ObjectRelation; targets: Set<string | undefined> }>

function ask(questions: Questions, relation: ObjectRelation, target: string | undefined): void {
  const name = nameOf(relation)
  const known = questions.get(name)
  if (known) known.targets.add(target)
  else questions.set(name, { relation, targets: new Set([target]) })
}

/** A relation and those of the same object that it rests on, as far as they are new. */
function follow(found: Map<string, ObjectRelation>, { byName }: Grounds, first: ObjectRelation): ObjectRelation[] {
  const fresh: ObjectRelation[] = []
  const queue = [first]
  for (let one = queue.pop(); one; one = queue.pop()) {
    if (found.has(nameOf(one))) continue
    found.set(nameOf(one), one)
    fresh.push(one)
    const [namespace, object, relation] = one
    const { computed = [] } = byName.get(nameOf([namespace, relation])) ?? {}
    queue.push(...computed.map(([, other]) => [namespace, object, other] as const))
  }
  return fresh
}

function askBelow(questions: Questions, { byName }: Grounds, one: ObjectRelation): void {
  const [namespace, object, relation] = one
  const ground = byName.get(nameOf([namespace, relation]))
  if (!ground) return
  if (ground.sets.length > 0) ask(questions, one, undefined)
  for (const { over, to } of ground.traversed) ask(questions, [namespace, object, over], to[1])
}
