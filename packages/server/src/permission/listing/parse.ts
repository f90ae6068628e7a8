import { ApiError, type ListPermissionObjectsBody, type ListPermissionSubjectsBody } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { questionOptions, requireOneSubject } from '../check/question.ts'
import { relationOf, requireNamespace } from '../namespaces.ts'
import { storable } from '../tuples/parse.ts'
import type { Subject } from '../tuples/subject.ts'
import type { ObjectsQuestion } from './objects.ts'
import type { SubjectsQuestion } from './subjects.ts'

/** A body whose types are checked, but of which any member may be missing. */
type Open<Body> = { readonly [Name in keyof Body]?: Body[Name] | undefined } | undefined

/**
 * @throws ApiError 400 for a missing or invalid member, or an undeclared relation; 404 for a namespace that is not in
 * the model.
 */
export function objectsQuestion(ctx: Context, body: Open<ListPermissionObjectsBody> = {}): ObjectsQuestion {
  const [namespace, relation] = [name(body, 'namespace'), name(body, 'relation')]
  const subject = subjectFrom(body)
  requireRelation(ctx, namespace, relation)
  if (subject.subject_set) requireNamespace(ctx, subject.subject_set.namespace)
  return { namespace, relation, subject, options: questionOptions(body) }
}

/** @throws ApiError as `objectsQuestion` */
export function subjectsQuestion(ctx: Context, body: Open<ListPermissionSubjectsBody> = {}): SubjectsQuestion {
  const of = [name(body, 'namespace'), name(body, 'object'), name(body, 'relation')] as const
  const { subject_namespace: namespace, subject_relation: relation } = body
  if (namespace === undefined && relation !== undefined) {
    throw ApiError.badRequest({ message: 'The member subject_relation needs a subject_namespace.' })
  }
  const shape = [storable(namespace ?? ''), storable(relation ?? '')] as const
  requireRelation(ctx, of[0], of[2])
  if (namespace !== undefined) requireNamespace(ctx, namespace)
  return { of, shape, options: questionOptions(body) }
}

function requireRelation(ctx: Context, namespace: string, relation: string): void {
  requireNamespace(ctx, namespace)
  relationOf(ctx, namespace, relation)
}

function subjectFrom({ subject_id: id, subject_set: set }: NonNullable<Open<ListPermissionObjectsBody>>): Subject {
  requireOneSubject(id, set)
  if (!set) return { subject_id: storable(id ?? '') }
  const at = 'subject_set.'
  return {
    subject_set: {
      namespace: name(set, 'namespace', at),
      object: name(set, 'object', at),
      relation: name(set, 'relation', at),
    },
  }
}

function name<Key extends string>(from: { readonly [Name in Key]?: string | undefined }, of: Key, at = ''): string {
  const value = from[of]
  if (value === undefined) throw ApiError.badRequest({ message: `The member ${at}${of} is missing.` })
  return storable(value)
}
