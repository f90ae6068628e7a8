/** A relation tuple. A subject that is an id has the empty namespace and relation; copies of a tuple differ in their id. */
export interface RelationTupleRow {
  namespace: string
  object: string
  relation: string
  subject_namespace: string
  subject_object: string
  subject_relation: string
  id: number
}

/**
 * Which subjects stand in which relations: that there is, or once was, a tuple of one such relation whose subject is a
 * set of the other, or an id (both empty). It tells what can be found where without looking at the tuples.
 */
export interface RelationTupleKindRow {
  namespace: string
  relation: string
  subject_namespace: string
  subject_relation: string
}

/** In the order of the table. */
export const tupleColumns = [
  'namespace',
  'object',
  'relation',
  'subject_namespace',
  'subject_object',
  'subject_relation',
  'id',
] as const satisfies (keyof RelationTupleRow)[]

declare module '../kernel/tables.ts' {
  interface Tables {
    relation_tuples: RelationTupleRow
    relation_tuple_kinds: RelationTupleKindRow
  }
}
