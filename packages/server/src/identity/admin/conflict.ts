import { ApiError } from '@latchkey/api'
import { IdentityConflict } from '../conflict.ts'

/** Runs a write and throws 409 on a uniqueness conflict. */
export async function answeringConflicts<T>(work: () => Promise<T>, parts?: { reason: string }): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof IdentityConflict) throw ApiError.conflict(parts)
    throw error
  }
}
