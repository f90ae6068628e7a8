import type { Relationship, SubjectSet } from '@latchkey/api'
import { openCondition } from '../conditions/index.ts'
import type { RelationTupleRow } from '../tables.ts'

/** The columns of a subject: an id has the empty namespace and relation. */
export type SubjectColumns = Pick<RelationTupleRow, 'subject_namespace' | 'subject_object' | 'subject_relation'>

/** A tuple whose subject has one of the two forms. */
export type RelationTuple = Pick<Relationship, 'namespace' | 'object' | 'relation' | 'condition'> & Subject
export type Subject = { subject_id: string; subject_set?: never } | { subject_set: SubjectSet; subject_id?: never }

export function subjectColumns({ subject_id, subject_set }: Subject): SubjectColumns {
  if (subject_set === undefined) return { subject_namespace: '', subject_object: subject_id, subject_relation: '' }
  const { namespace, object, relation } = subject_set
  return { subject_namespace: namespace, subject_object: object, subject_relation: relation }
}

export function subjectOf({ subject_namespace, subject_object, subject_relation }: SubjectColumns): Subject {
  if (subject_namespace === '') return { subject_id: subject_object }
  return { subject_set: { namespace: subject_namespace, object: subject_object, relation: subject_relation } }
}

export function tupleOf(row: Omit<RelationTupleRow, 'id'>): RelationTuple {
  const { namespace, object, relation, condition } = row
  const tuple = { namespace, object, relation, ...subjectOf(row) }
  return condition === '' ? tuple : { ...tuple, condition: openCondition(condition) }
}
