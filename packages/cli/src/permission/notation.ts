import type { Relationship, SubjectSet } from '@latchkey/client'
import { UsageError } from '../exit.ts'

/** The subject of a relationship: an id, or everybody who has a relation to an object. */
export type Subject = Pick<Relationship, 'subject_id' | 'subject_set'>

/** Reads `NAMESPACE:OBJECT#RELATION@SUBJECT`. */
export function readTuple(text: string): SubjectSet & Subject {
  const [, namespace, object, relation, subject] = /^([^:]*):([^#]*)#([^@]*)@(.*)$/s.exec(text) ?? []
  if (!namespace || object === undefined || relation === undefined || !subject) {
    throw new UsageError(`Expected NAMESPACE:OBJECT#RELATION@SUBJECT, found ${JSON.stringify(text)}.`)
  }
  return { namespace, object, relation, ...readSubject(subject) }
}

/** Reads `NAMESPACE:OBJECT#RELATION`. */
export function readSet(text: string): SubjectSet {
  const [, namespace, object, relation] = /^([^:]*):([^#]*)#(.*)$/s.exec(text) ?? []
  if (!namespace || object === undefined || relation === undefined) {
    throw new UsageError(`Expected NAMESPACE:OBJECT#RELATION, found ${JSON.stringify(text)}.`)
  }
  return { namespace, object, relation }
}

/** Reads `NAMESPACE#RELATION@SUBJECT`. */
export function readQuestion(text: string): Pick<SubjectSet, 'namespace' | 'relation'> & Subject {
  const [, namespace, relation, subject] = /^([^:#@]*)#([^@]*)@(.*)$/s.exec(text) ?? []
  if (!namespace || relation === undefined || !subject) {
    throw new UsageError(`Expected NAMESPACE#RELATION@SUBJECT, found ${JSON.stringify(text)}.`)
  }
  return { namespace, relation, ...readSubject(subject) }
}

/** Reads `NAMESPACE#RELATION`, or a namespace alone, as a kind of subjects. */
export function readKind(text: string): { subject_namespace: string; subject_relation: string } {
  const [, namespace, relation = ''] = /^([^:#@]+)(?:#(.*))?$/s.exec(text) ?? []
  if (!namespace) throw new UsageError(`Expected NAMESPACE#RELATION or NAMESPACE, found ${JSON.stringify(text)}.`)
  return { subject_namespace: namespace, subject_relation: relation }
}

/** Reads a subject: with a colon in it a set, whose relation may be left out; otherwise an id. */
export function readSubject(text: string): Subject {
  const inner = /^\((.*)\)$/s.exec(text)?.[1] ?? text
  if (!inner.includes(':')) return { subject_id: inner }
  return { subject_set: readSet(inner.includes('#') ? inner : `${inner}#`) }
}

/** The same notation as it is read. */
export function writeSet({ namespace, object, relation }: SubjectSet): string {
  return printable(relation === '' ? `${namespace}:${object}` : `${namespace}:${object}#${relation}`)
}

export function writeSubject({ subject_id: id, subject_set: set }: Subject): string {
  return set ? writeSet(set) : printable(id ?? '')
}

export function writeTuple(tuple: SubjectSet & Subject): string {
  return `${writeSet(tuple)}@${writeSubject(tuple)}`
}

/** A subject as the parameters of a query. */
export function subjectQuery({ subject_id, subject_set: set }: Subject) {
  if (!set) return { subject_id }
  return {
    'subject_set.namespace': set.namespace,
    'subject_set.object': set.object,
    'subject_set.relation': set.relation,
  }
}

/** Names come from anywhere: what would steer the terminal, or turn the direction of writing, is shown by its number. */
export function printable(name: string): string {
  return name.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
