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

/** The columns by which tuples that match a filter are ordered: those of the index that finds them. */
export function listingOrder(filter: Partial<RelationTupleRow>): readonly (keyof RelationTupleRow)[] {
  return filter.subject_object !== undefined && filter.object === undefined ? bySubject : keyColumns
}
