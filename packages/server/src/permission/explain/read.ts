import { ApiError, type ExplainPermissionBody } from '@latchkey/api'
import { requireSubject } from '../tuples/read.ts'
import type { RelationTuple } from '../tuples/subject.ts'

/**
 * The question in a body whose types are right, but of which anything may be missing.
 * @throws ApiError 400 for a member that is missing or not possible.
 */
export function explainQuestion(body: Partial<ExplainPermissionBody> = {}): RelationTuple {
  const { max_depth: depth, context: _, ...open } = body
  const missing = (['namespace', 'object', 'relation'] as const).find((name) => open[name] === undefined)
  if (missing) throw ApiError.badRequest({ message: `The member ${missing} is missing.` })
  if ((open.subject_id === undefined) === (open.subject_set === undefined)) {
    throw ApiError.badRequest({ message: 'Give either a subject_id or a subject_set.' })
  }
  if (depth !== undefined && depth < 1)
    throw ApiError.badRequest({ message: 'The member max_depth must be at least 1.' })
  return requireSubject(open)
}
