import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { requireNamespace } from '../namespaces.ts'
import { type OpenTuple, requireSubject } from '../tuples/parse.ts'
import type { RelationTuple } from '../tuples/subject.ts'
import { type Answer, type CheckOptions, checkAll } from './check.ts'

/** An answer, or why there is none. */
export interface BatchAnswer extends Answer {
  readonly error?: string
}

/**
 * Several checks, resolved together and answered in their order; each may fail by itself.
 * @throws ApiError 400 for more checks than the configuration allows.
 */
export async function batchCheck(
  ctx: Context,
  tuples: readonly (OpenTuple | null)[],
  options: CheckOptions,
): Promise<BatchAnswer[]> {
  const { max_batch_check_size: most } = ctx.config.permission.limit
  if (tuples.length > most) throw ApiError.badRequest({ message: `At most ${most} checks can be asked for at once.` })
  const members = tuples.map((open) => memberOf(ctx, open))
  const valid = members.filter((member): member is RelationTuple => !(member instanceof ApiError))
  const answers = await checkAll(ctx, valid, options)
  let next = 0
  return members.map((member) => {
    const answer = member instanceof ApiError ? member : (answers[next++] as Answer | ApiError)
    if (!(answer instanceof ApiError)) return answer
    return { allowed: false, error: answer.reason ?? answer.message, revision: 0 }
  })
}

/** What one member asks, or why it cannot be asked. */
function memberOf(ctx: Context, open: OpenTuple | null): RelationTuple | ApiError {
  try {
    const tuple = requireSubject(open ?? {})
    requireNamespace(ctx, tuple.namespace)
    if (tuple.subject_set) requireNamespace(ctx, tuple.subject_set.namespace)
    return tuple
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}
