import type { Relationship, SubjectSet } from '@latchkey/client'
import { UsageError } from '../exit.ts'

/** The subject of a relationship: a subject ID or a subject set. */
export type Subject = Pick<Relationship, 'subject_id' | 'subject_set'>

/** Parses `NAMESPACE:OBJECT#RELATION@SUBJECT`. */
export function parseTuple(text: string): SubjectSet & Subject {
  const [, namespace, object, relation, subject] = /^([^:]*):([^#]*)#([^@]*)@(.*)$/s.exec(text) ?? []
  if (!namespace || object === undefined || relation === undefined || !subject) {
    throw new UsageError(`Expected NAMESPACE:OBJECT#RELATION@SUBJECT, found ${JSON.stringify(text)}.`)
  }
  return { namespace, object, relation, ...parseSubject(subject) }
}

/** Parses `NAMESPACE:OBJECT#RELATION`. */
export function parseSubjectSet(text: string): SubjectSet {
  const [, namespace, object, relation] = /^([^:]*):([^#]*)#(.*)$/s.exec(text) ?? []
  if (!namespace || object === undefined || relation === undefined) {
    throw new UsageError(`Expected NAMESPACE:OBJECT#RELATION, found ${JSON.stringify(text)}.`)
  }
  return { namespace, object, relation }
}

/** Parses `NAMESPACE#RELATION@SUBJECT`. */
export function parseListQuery(text: string): Pick<SubjectSet, 'namespace' | 'relation'> & Subject {
  const [, namespace, relation, subject] = /^([^:#@]*)#([^@]*)@(.*)$/s.exec(text) ?? []
  if (!namespace || relation === undefined || !subject) {
    throw new UsageError(`Expected NAMESPACE#RELATION@SUBJECT, found ${JSON.stringify(text)}.`)
  }
  return { namespace, relation, ...parseSubject(subject) }
}

/** Parses `NAMESPACE#RELATION`, or a namespace alone, as a type of subject set. */
export function parseSubjectType(text: string): { subject_namespace: string; subject_relation: string } {
  const [, namespace, relation = ''] = /^([^:#@]+)(?:#(.*))?$/s.exec(text) ?? []
  if (!namespace) throw new UsageError(`Expected NAMESPACE#RELATION or NAMESPACE, found ${JSON.stringify(text)}.`)
  return { subject_namespace: namespace, subject_relation: relation }
}

/** Parses a subject: a subject set, whose relation is optional, if it contains a colon; otherwise a subject ID. */
export function parseSubject(text: string): Subject {
  const inner = /^\((.*)\)$/s.exec(text)?.[1] ?? text
  if (!inner.includes(':')) return { subject_id: inner }
  return { subject_set: parseSubjectSet(inner.includes('#') ? inner : `${inner}#`) }
}

/** Formats a subject set in the notation that `parseSubjectSet` accepts. */
export function formatSubjectSet({ namespace, object, relation }: SubjectSet): string {
  return printable(relation === '' ? `${namespace}:${object}` : `${namespace}:${object}#${relation}`)
}

export function formatSubject({ subject_id: id, subject_set: set }: Subject): string {
  return set ? formatSubjectSet(set) : printable(id ?? '')
}

export function formatTuple(tuple: SubjectSet & Subject): string {
  return `${formatSubjectSet(tuple)}@${formatSubject(tuple)}`
}

/** A subject as query parameters. */
export function subjectQuery({ subject_id, subject_set: set }: Subject) {
  if (!set) return { subject_id }
  return {
    'subject_set.namespace': set.namespace,
    'subject_set.object': set.object,
    'subject_set.relation': set.relation,
  }
}

/** Names are untrusted: escapes terminal control characters and bidirectional formatting characters. */
export function printable(name: string): string {
  return name.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
