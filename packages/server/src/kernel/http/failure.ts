import { ApiError } from '@latchkey/api'
import type { Context } from '../context.ts'

/** The failed request, for the log. */
export interface FailedRequest {
  /** The request ID, which is also in the response and in the request log. */
  readonly id?: string
  readonly method?: string
  readonly path: string
}

/** Converts a thrown value to an ApiError. Unexpected errors are logged; the response contains only the request ID. */
export function toApiError(
  log: Pick<Context['log'], 'error'> | undefined,
  error: unknown,
  { id, method, path }: FailedRequest,
): ApiError {
  if (error instanceof ApiError) return error
  log?.error({ err: error, request_id: id, method, path }, 'request failed')
  return ApiError.internal(id === undefined ? {} : { request: id })
}
