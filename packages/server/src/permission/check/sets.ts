import { nameOf } from '../tuples/name.ts'
import type { Goal } from './formula.ts'
import type { FoundSet } from './known.ts'
import type { Found, ObjectRelation } from './store.ts'

/** The subject sets that have a relation to an object, as far as they were read. */
export interface Sets {
  readonly relation: ObjectRelation
  readonly name: string
  /** Undefined until they were asked for. */
  found: readonly FoundSet[] | undefined
  complete: boolean
  /** Who has to look again when they are known. */
  readonly waiting: Set<Goal>
}

const none: readonly FoundSet[] = []
/** Where no sets are, whatever the object. */
export const nowhere: Sets = { relation: ['', '', ''], name: '', found: none, complete: true, waiting: new Set() }

/** Each set once, in an order of its own, so that what is beyond a limit does not depend on the database. */
export function setsFrom(rows: readonly Found[]): readonly FoundSet[] {
  if (rows.length === 0) return none
  const byName = new Map<string, FoundSet & { conditions: string[] }>()
  for (const { subject_namespace, subject_object, subject_relation, condition } of rows) {
    const relation = [subject_namespace, subject_object, subject_relation] as const
    const name = nameOf(relation)
    const found = byName.get(name)
    if (found) found.conditions.push(condition)
    else byName.set(name, { relation, name, conditions: [condition] })
  }
  if (byName.size === 1) return [...byName.values()]
  return [...byName.keys()].sort().map((name) => byName.get(name) as FoundSet)
}
