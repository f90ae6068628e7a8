import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { requireNamespace } from '../namespaces.ts'
import { type OpenTuple, requireSubject } from '../tuples/read.ts'
import { type Answer, type CheckOptions, check } from './check.ts'

/** An answer, or why there is none. */
export interface Answered extends Answer {
  readonly error?: string
}

/**
 * Several checks, answered in their order; each may have a fault of its own.
 * @throws ApiError 400 for more checks than the configuration allows.
 */
export async function batchCheck(
  ctx: Context,
  tuples: readonly (OpenTuple | null)[],
  options: CheckOptions,
): Promise<Answered[]> {
  const { max_batch_check_size: most } = ctx.config.permission.limit
  if (tuples.length > most) throw ApiError.badRequest({ message: `At most ${most} checks can be asked for at once.` })
  const results: Answered[] = []
  for (const tuple of tuples) results.push(await answered(ctx, tuple, options))
  return results
}

async function answered(ctx: Context, open: OpenTuple | null, options: CheckOptions): Promise<Answered> {
  try {
    const tuple = requireSubject(open ?? {})
    requireNamespace(ctx, tuple.namespace)
    if (tuple.subject_set) requireNamespace(ctx, tuple.subject_set.namespace)
    return await check(ctx, tuple, options)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { allowed: false, error: error.reason ?? error.message, revision: 0 }
  }
}
