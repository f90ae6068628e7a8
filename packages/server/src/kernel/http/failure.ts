import { ApiError } from '@latchkey/api'
import type { Context } from '../context.ts'
import { retryAfterSeconds, UnavailableError } from '../unavailable.ts'

/** The failed request, for the log. */
export interface FailedRequest {
  /** The request ID, which is also in the response and in the request log. */
  readonly id?: string
  readonly method?: string
  readonly path: string
}

/**
 * Converts a thrown value to an ApiError. Unexpected errors are logged; the response contains only the request ID. What
 * the server depends on and cannot use becomes 503 with Retry-After.
 */
export function toApiError(
  log: Pick<Context['log'], 'error'> | undefined,
  error: unknown,
  { id, method, path }: FailedRequest,
): ApiError {
  if (error instanceof ApiError) return error
  log?.error({ err: error, request_id: id, method, path }, 'request failed')
  const request = id === undefined ? {} : { request: id }
  if (!(error instanceof UnavailableError)) return ApiError.internal(request)
  const headers = { 'retry-after': String(retryAfterSeconds) }
  return ApiError.unavailable({ ...request, reason: error.reason, headers })
}
