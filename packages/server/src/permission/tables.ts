/** A relation tuple. A subject that is an id has the empty namespace and relation; copies of a tuple differ by `id`. */
export interface RelationTupleRow {
  namespace: string
  object: string
  relation: string
  subject_namespace: string
  subject_object: string
  subject_relation: string
  id: number
  /** The condition under which it counts, as JSON; empty where it always counts. */
  condition: string
}

/**
 * The shape of a tuple: there is, or once was, a tuple of one relation whose subject is a set of another relation, or an
 * id (both empty). Shapes say what can be found where without reading the tuples.
 */
export interface RelationTupleShapeRow {
  namespace: string
  relation: string
  subject_namespace: string
  subject_relation: string
  /** 1 where such a tuple has, or once had, a condition. */
  conditional: number
}

/** Counts the changes of a project's tuples. */
export interface RelationTupleRevisionRow {
  revision: number
}

/** What a transaction changed, in parts of bounded size. */
export interface RelationTupleChangesRow {
  revision: number
  part: number
  /** The number of changes. */
  count: number
  /** JSON: a list of changes (`changes/record.ts`). */
  changes: string
  changed_at: number
}

/** The columns that name a tuple, in the order of the table. */
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
