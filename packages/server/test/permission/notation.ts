import type { RelationTuple } from '../../src/permission/tuples/subject.ts'

/** Reads `Namespace:object#relation@subject`, where a subject set stands in parentheses. */
export function tupleOf(text: string): RelationTuple {
  const [, left = '', subject = ''] = /^([^@]*)@(.*)$/.exec(text) ?? []
  const inner = /^\((.*)\)$/.exec(subject)?.[1]
  return { ...setOf(left), ...(inner === undefined ? { subject_id: subject } : { subject_set: setOf(inner) }) }
}

function setOf(text: string) {
  const [, namespace = '', object = '', relation = ''] = /^([^:]*):([^#]*)#(.*)$/.exec(text) ?? []
  return { namespace, object, relation }
}
