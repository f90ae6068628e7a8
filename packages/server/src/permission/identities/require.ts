import { ApiError } from '@latchkey/api'
import { holdIdentities } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { RelationTuple } from '../tuples/subject.ts'

/**
 * Where the configuration wants it, makes sure that every `subject_id` is an identity, and stays one until the
 * transaction has ended.
 * @throws ApiError 400 for the first that is none
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
