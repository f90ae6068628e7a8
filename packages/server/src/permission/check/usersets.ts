import { nameOf } from '../tuples/name.ts'
import type { ObjectRelation, SubjectRow } from './store.ts'

/** A subject set that has a relation to an object. */
export interface Userset {
  readonly relation: ObjectRelation
  readonly name: string
  /** The conditions, as stored, of the tuples that say so; one suffices. An empty one always holds. */
  readonly conditions: readonly string[]
}

/** The subject sets that have one relation to one object. */
export interface Usersets {
  readonly found: readonly Userset[]
  /** False where there are more than are read for one step. */
  readonly isComplete: boolean
}

export const emptyUsersets: Usersets = { found: [], isComplete: true }

/** Collects rows into sets: each set once, ordered by name, so that a limit does not depend on the order of rows. */
export class UsersetCollector {
  readonly #byName = new Map<string, Userset & { conditions: string[] }>()

  add({ subject_namespace, subject_object, subject_relation, condition }: SubjectRow): void {
    const relation = [subject_namespace, subject_object, subject_relation] as const
    const name = nameOf(relation)
    const found = this.#byName.get(name)
    if (found) found.conditions.push(condition)
    else this.#byName.set(name, { relation, name, conditions: [condition] })
  }

  get found(): readonly Userset[] {
    const usersets = [...this.#byName.values()]
    return usersets.length === 1 ? usersets : usersets.sort((one, other) => (one.name < other.name ? -1 : 1))
  }
}
