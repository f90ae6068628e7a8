import { ApiError } from '@latchkey/api'
import { requireContext } from '../conditions/index.ts'
import type { CheckOptions } from './check.ts'

/**
 * The options in the body of an operation of our own.
 * @throws ApiError 400 for a depth below 1, or an invalid context.
 */
export function questionOptions({
  max_depth,
  context,
}: {
  readonly max_depth?: number | undefined
  readonly context?: unknown
}): CheckOptions {
  return { maxDepth: depthFrom({ max_depth }), context: requireContext(context) }
}

function depthFrom({ max_depth: depth }: { readonly max_depth?: number | undefined }): number {
  if (depth === undefined) return 0
  if (depth < 1) throw ApiError.badRequest({ message: 'The member max_depth must be at least 1.' })
  return depth
}

/** @throws ApiError 400 unless exactly one form of the subject is given. */
export function requireOneSubject(id: unknown, set: unknown): void {
  if ((id === undefined) === (set === undefined)) {
    throw ApiError.badRequest({ message: 'Give either a subject_id or a subject_set.' })
  }
}
