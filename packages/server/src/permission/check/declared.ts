import type { Relation } from '../opl/model.ts'
import { nameOf } from '../tuples/name.ts'
import type { Usersets } from './usersets.ts'

/** A relation as the model declares it: undefined where its namespace declares none, a fault where it declares others. */
export type Declared = Relation | 'fault' | undefined

export function isRewritten(declared: Declared): boolean {
  return declared !== undefined && declared !== 'fault' && declared.rewrite !== undefined
}

/** Whether the relation is declared to hold subject sets. */
export function mayHoldSets({ types }: Relation): boolean {
  return types.some(({ relation }) => relation !== undefined)
}

/** The subject sets that the relation is declared to hold. */
export function declaredSets({ found, isComplete }: Usersets, { types }: Relation): Usersets {
  const isDeclared = ([namespace, , relation]: readonly [string, string, string]) =>
    types.some((type) => type.namespace === namespace && type.relation === relation)
  return { found: found.filter((set) => isDeclared(set.relation)), isComplete }
}

/** Whether a tuple of the relation may name a subject of a shape. Ids have no namespace, so that no type excludes them. */
export function mayNameSubject(declared: Declared, shape: string): boolean {
  if (isRewritten(declared)) return false
  if (declared === undefined || declared === 'fault' || shape === shapeOfIds) return true
  return declared.types.some(({ namespace, relation = '' }) => nameOf([namespace, relation]) === shape)
}

const shapeOfIds = nameOf(['', ''])
