import { ApiError } from '@latchkey/api'
import type { Context } from '../context.ts'

/** Where something failed, for the log. */
export interface FailedRequest {
  /** The request's id, which the answer names and the log of requests has. */
  readonly id?: string
  readonly method?: string
  readonly path: string
}

/** What was thrown as an error of the catalog. What nobody foresaw is logged, and its answer tells the id alone. */
export function toApiError(
  log: Pick<Context['log'], 'error'> | undefined,
  error: unknown,
  { id, method, path }: FailedRequest,
): ApiError {
  if (error instanceof ApiError) return error
  log?.error({ err: error, request_id: id, method, path }, 'request failed')
  return ApiError.internal(id === undefined ? {} : { request: id })
}
