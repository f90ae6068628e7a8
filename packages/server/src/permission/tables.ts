/** A relation tuple. A subject that is an id has the empty namespace and relation; copies of a tuple differ in their id. */
export interface RelationTupleRow {
  namespace: string
  object: string
  relation: string
  subject_namespace: string
  subject_object: string
  subject_relation: string
  id: number
  /** Under what it counts, as JSON; empty where it always does. */
  condition: string
}

/**
 * Which subjects stand in which relations: that there is, or once was, a tuple of one such relation whose subject is a
 * set of the other, or an id (both empty). It tells what can be found where without looking at the tuples.
 */
export interface RelationTupleShapeRow {
  namespace: string
  relation: string
  subject_namespace: string
  subject_relation: string
  /** 1 where such a tuple has, or once had, a condition. */
  conditional: number
}

/** How often a project's tuples were changed. */
export interface RelationTupleRevisionRow {
  revision: number
}

/** What a transaction changed, in parts that are read one at a time. */
export interface RelationTupleChangesRow {
  revision: number
  part: number
  /** How many changes it holds. */
  count: number
  /** JSON: a list of changes (`changes/record.ts`). */
  changes: string
  changed_at: number
}

/** What a tuple says, in the order of the table. */
export const namingColumns = [
  'namespace',
  'object',
  'relation',
  'subject_namespace',
  'subject_object',
  'subject_relation',
] as const satisfies (keyof RelationTupleRow)[]

/** The primary key. */
export const keyColumns = [...namingColumns, 'id'] as const

export const tupleColumns = [...keyColumns, 'condition'] as const

declare module '../kernel/tables.ts' {
  interface Tables {
    relation_tuples: RelationTupleRow
    relation_tuple_kinds: RelationTupleShapeRow
    relation_tuple_revisions: RelationTupleRevisionRow
    relation_tuple_changes: RelationTupleChangesRow
  }
}
