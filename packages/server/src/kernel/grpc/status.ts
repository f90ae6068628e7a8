import { Metadata, type StatusObject, status } from '@grpc/grpc-js'
import type { ApiError } from '@latchkey/api'
import type { Context } from '../context.ts'
import { toApiError } from '../http/index.ts'

/** The mapping of HTTP statuses in Ory's services, extended by further statuses. */
const codes: Record<number, status> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  405: status.UNIMPLEMENTED,
  409: status.ALREADY_EXISTS,
  410: status.NOT_FOUND,
  413: status.RESOURCE_EXHAUSTED,
  415: status.INVALID_ARGUMENT,
  422: status.FAILED_PRECONDITION,
  429: status.RESOURCE_EXHAUSTED,
  500: status.INTERNAL,
  502: status.UNAVAILABLE,
  503: status.UNAVAILABLE,
}

/** The status of an error. An unexpected error is logged, and its details are not sent. */
export function statusOf(error: unknown, from: { ctx: Context | undefined; path: string }): StatusObject {
  return statusFrom(toApiError(from.ctx?.log, error, from))
}

function statusFrom(error: ApiError): StatusObject {
  const code = codes[error.httpStatus] ?? status.UNKNOWN
  return { code, details: wellFormed(error.reason ?? error.message), metadata: new Metadata() }
}

/** Replaces lone surrogates, which can result from truncation: they cannot be encoded as UTF-8. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}

/** The HTTP status that represents a gRPC status in metrics and logs. */
export function httpStatusOf(code: status): number {
  return httpStatuses[code] ?? 500
}

const httpStatuses: Partial<Record<status, number>> = {
  [status.OK]: 200,
  // The nginx status for "client closed request".
  [status.CANCELLED]: 499,
  [status.INVALID_ARGUMENT]: 400,
  [status.DEADLINE_EXCEEDED]: 408,
  [status.NOT_FOUND]: 404,
  [status.FAILED_PRECONDITION]: 422,
  [status.ALREADY_EXISTS]: 409,
  [status.PERMISSION_DENIED]: 403,
  [status.UNAUTHENTICATED]: 401,
  [status.RESOURCE_EXHAUSTED]: 413,
  [status.UNIMPLEMENTED]: 501,
  [status.UNAVAILABLE]: 503,
}
