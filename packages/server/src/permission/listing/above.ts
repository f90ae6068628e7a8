import type { Context } from '../../kernel/context.ts'
import { nameOf } from '../tuples/name.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import type { Grounds, Kind } from './grounds.ts'
import { maxFound } from './limits.ts'
import { objectsWith, type SubjectIn } from './store.ts'

/**
 * The objects to which the subject may have the relation that the grounds are of: whatever is found on the way up from
 * the tuples that name it, one statement for each step however wide. None to which it has the relation is missing,
 * where the grounds are not open. Undefined where too much is found.
 */
export async function objectsAbove(
  ctx: Context,
  grounds: Grounds,
  { asked, subject }: { asked: Kind; subject: SubjectColumns },
): Promise<string[] | undefined> {
  const ways = waysUp(grounds)
  const found = new Map<string, Fact>()
  let questions: Questions = new Map()
  const { subject_namespace: of, subject_object: name, subject_relation: members } = subject
  for (const { kind } of grounds.byName.values()) ask(questions, [of, name, members, ...kind], kind)
  while (questions.size > 0) {
    if (questions.size > maxFound) return undefined
    const list = [...questions.values()]
    const rows = await objectsWith(
      ctx,
      list.map(({ question }) => question),
      maxFound + 1,
    )
    if (rows.length > maxFound) return undefined
    questions = new Map()
    for (const { question, object } of rows) {
      for (const kind of list[question]?.gives ?? []) {
        for (const fact of follow(found, ways, { kind, object })) askAbove(questions, ways, fact)
      }
    }
    if (found.size > maxFound) return undefined
  }
  return [...found.values()].filter(({ kind }) => nameOf(kind) === nameOf(asked)).map(({ object }) => object)
}

/** That the subject may have a kind of relation to an object. */
interface Fact {
  readonly kind: Kind
  readonly object: string
}

/** Which objects stand in a relation with a subject, and what the subject may then be to them. */
type Questions = Map<string, { question: SubjectIn; gives: Kind[] }>

function ask(questions: Questions, question: SubjectIn, gives: Kind): void {
  const name = nameOf(question)
  const known = questions.get(name)
  if (known) known.gives.push(gives)
  else questions.set(name, { question, gives: [gives] })
}

/** Where a kind of relation leads to: the ways down that the grounds tell, turned round. */
interface Ways {
  /** To relations of the same object. */
  readonly same: ReadonlyMap<string, readonly Kind[]>
  /** Over tuples of the relation `over` whose subject is a set with the relation `held`. */
  readonly tuples: ReadonlyMap<string, readonly { held: string; over: Kind; gives: Kind }[]>
}

function waysUp({ byName }: Grounds): Ways {
  const all = [...byName.values()]
  const same = all.flatMap(({ kind, computed }) => computed.map((from) => ({ from, to: kind })))
  const tuples = all.flatMap(({ kind, sets, traversed }) => [
    ...sets.map((from) => ({ from, to: { held: from[1], over: kind, gives: kind } })),
    ...traversed.map(({ to: from, held, over }) => ({
      from,
      to: { held, over: [kind[0], over] as const, gives: kind },
    })),
  ])
  return { same: byKind(same), tuples: byKind(tuples) }
}

function byKind<Way>(ways: readonly { from: Kind; to: Way }[]): Map<string, Way[]> {
  const grouped = new Map<string, Way[]>()
  for (const { from, to } of ways) grouped.set(nameOf(from), [...(grouped.get(nameOf(from)) ?? []), to])
  return grouped
}

/** A fact and what follows from it for the same object, as far as it is new. */
function follow(found: Map<string, Fact>, { same }: Ways, first: Fact): Fact[] {
  const fresh: Fact[] = []
  const queue = [first]
  for (let fact = queue.pop(); fact; fact = queue.pop()) {
    const { kind, object } = fact
    const name = nameOf([...kind, object])
    if (found.has(name)) continue
    found.set(name, fact)
    fresh.push(fact)
    queue.push(...(same.get(nameOf(kind)) ?? []).map((to) => ({ kind: to, object })))
  }
  return fresh
}

function askAbove(questions: Questions, { tuples }: Ways, { kind, object }: Fact): void {
  for (const { held, over, gives } of tuples.get(nameOf(kind)) ?? []) {
    ask(questions, [kind[0], object, held, ...over], gives)
  }
}
