import type { Context } from '../../kernel/context.ts'
import { nameOf } from '../tuples/name.ts'
import { type ObjectRelation, setsAbove } from '../tuples/store.ts'
import type { SubjectColumns } from '../tuples/subject.ts'
import type { Formula, Goal } from './formula.ts'
import type { Kinds } from './kinds.ts'

/** Whoever is in more sets than this, those met again counted again, is looked for from above only. */
const mostRows = 64

/** Works a goal out without asking for tuples. */
export type Decide = (goal: Pick<Goal, 'relation' | 'depth' | 'reachedDirectly'>) => readonly Formula[]

/** Which sets the subject of a check is in, as far as tuples alone tell. */
export interface Memberships {
  /** Undefined for a relation about which they do not tell. */
  decide(relation: ObjectRelation): Decide | undefined
}

const yes: Formula = { kind: 'all', parts: [] }
const unknown: Formula = { kind: 'unknown' }
const nothing: Memberships = { decide: () => undefined }

/**
 * Looks for the subject's sets from below: the sets that it is in, those that these are in, and so on. A person is in
 * few groups while a group has many inside, so that this takes a few look-ups where the way down takes many. It tells
 * only of sets that consist of tuples all the way down; what the model makes up stays with the search from above.
 */
export async function readMemberships(
  ctx: Context,
  { plainSets: plain }: Kinds,
  { subject, depth }: { subject: SubjectColumns; depth: number },
): Promise<Memberships> {
  if (plain.size === 0) return nothing
  const found = await setsAbove(ctx, subject, [...plain.values()], { levels: depth, most: mostRows + 1 })
  if (found.length > mostRows) return nothing
  /** By the steps that lead from the subject to the set. */
  const levels = new Map<string, number>()
  for (const { level, namespace, object, relation } of found) {
    const name = nameOf([namespace, object, relation])
    levels.set(name, Math.min(level, levels.get(name) ?? level))
  }
  // A set on the last level may be in others, which were not looked for.
  const complete = [...levels.values()].every((level) => level < depth)
  const decide: Decide = (goal) => {
    const level = levels.get(nameOf(goal.relation))
    if (level === undefined) return complete ? [] : [unknown]
    const within = level === 1 ? goal.reachedDirectly || goal.depth > 1 : goal.depth >= level
    return [within ? yes : unknown]
  }
  return { decide: ([of, , members]) => (plain.has(nameOf([of, members])) ? decide : undefined) }
}
