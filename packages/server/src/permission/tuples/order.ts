import { keyColumns, type RelationTupleRow } from '../tables.ts'

const bySubject = [
  'subject_namespace',
  'subject_object',
  'subject_relation',
  'namespace',
  'relation',
  'object',
  'id',
] as const satisfies (keyof RelationTupleRow)[]

/** The columns in whose order the tuples are listed that a filter means: that of the index which finds them. */
export function listingOrder(filter: Partial<RelationTupleRow>): readonly (keyof RelationTupleRow)[] {
  return filter.subject_object !== undefined && filter.object === undefined ? bySubject : keyColumns
}
