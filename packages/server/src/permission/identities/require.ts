import { ApiError } from '@latchkey/api'
import { holdIdentities } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { RelationTuple } from '../tuples/subject.ts'

/**
 * If configured, requires that every `subject_id` is an identity and stays one until the transaction ends.
 * @throws ApiError 400 for the first one that is not
 */
export async function requireIdentities(ctx: Context, tuples: readonly RelationTuple[]): Promise<void> {
  if (!ctx.config.permission.identities.required) return
  const ids = new Set(tuples.flatMap(({ subject_id }) => subject_id ?? []))
  if (ids.size === 0) return
  const found = await holdIdentities(ctx, [...ids])
  const missing = [...ids].find((id) => !found.has(id))
  if (missing === undefined) return
  throw ApiError.badRequest({ message: `The subject_id "${missing.slice(0, 100)}" is not an identity.` })
}
