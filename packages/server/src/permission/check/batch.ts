import { ApiError, type CheckPermissionResultWithError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { requireNamespace } from '../namespaces.ts'
import { type OpenTuple, requireSubject } from '../tuples/read.ts'
import { check } from './check.ts'

/**
 * Several checks, answered in their order; each may have a fault of its own.
 * @throws ApiError 400 for more checks than the configuration allows.
 */
export async function batchCheck(
  ctx: Context,
  tuples: readonly (OpenTuple | null)[],
  maxDepth: number,
): Promise<CheckPermissionResultWithError[]> {
  const { max_batch_check_size: most } = ctx.config.permission.limit
  if (tuples.length > most) throw ApiError.badRequest({ message: `At most ${most} checks can be asked for at once.` })
  const results: CheckPermissionResultWithError[] = []
  for (const tuple of tuples) results.push(await answered(ctx, tuple, maxDepth))
  return results
}

async function answered(ctx: Context, open: OpenTuple | null, maxDepth: number) {
  try {
    const tuple = requireSubject(open ?? {})
    requireNamespace(ctx, tuple.namespace)
    if (tuple.subject_set) requireNamespace(ctx, tuple.subject_set.namespace)
    const { allowed } = await check(ctx, tuple, { maxDepth })
    return { allowed }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { allowed: false, error: error.reason ?? error.message }
  }
}
