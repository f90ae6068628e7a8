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

declare module '../kernel/tables.ts' {
  interface Tables {
    relation_tuples: RelationTupleRow
  }
}
