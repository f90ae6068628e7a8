import { ApiError, type ExplainPermissionBody } from '@latchkey/api'
import { requireOneSubject } from '../check/question.ts'
import { requireSubject } from '../tuples/parse.ts'
import type { RelationTuple } from '../tuples/subject.ts'

/**
 * The question in a body whose types are checked, but of which any member may be missing.
 * @throws ApiError 400 for a missing or invalid member.
 */
export function explainQuestion(body: Partial<ExplainPermissionBody> = {}): RelationTuple {
  const { max_depth: _depth, context: _context, ...open } = body
  const missing = (['namespace', 'object', 'relation'] as const).find((name) => open[name] === undefined)
  if (missing) throw ApiError.badRequest({ message: `The member ${missing} is missing.` })
  requireOneSubject(open.subject_id, open.subject_set)
  return requireSubject(open)
}
