import type { ErrorGeneric, GenericError } from './error-models.ts'

/** The parts of an error beyond the defaults of its status code. */
export interface ErrorParts {
  /** The error ID that Ory defines, such as session_inactive. */
  id?: string
  message?: string
  reason?: string
  /** The request ID, to find the request in the log. */
  request?: string
  debug?: string
  details?: Record<string, unknown>
  /** Members next to `error` in the body. */
  beside?: Record<string, unknown>
  /** The HTTP status, if it differs from the code in the body. */
  httpStatus?: number
  headers?: Record<string, string>
}

const sorts = {
  400: ['Bad Request', 'The request is not valid.'],
  401: ['Unauthorized', 'You need to sign in for this.'],
  403: ['Forbidden', 'This is not allowed.'],
  404: ['Not Found', 'The resource was not found.'],
  405: ['Method Not Allowed', 'The method is not allowed for this resource.'],
  409: ['Conflict', 'The request conflicts with an existing resource.'],
  410: ['Gone', 'The resource is no longer available.'],
  413: ['Request Entity Too Large', 'The request is too large.'],
  415: ['Unsupported Media Type', 'The media type of the body is not supported.'],
  422: ['Unprocessable Entity', 'The request cannot be processed.'],
  429: ['Too Many Requests', 'There were too many requests. Please try again later.'],
  500: ['Internal Server Error', 'An internal error occurred. It has been logged.'],
  502: ['Bad Gateway', 'An upstream service returned an invalid response.'],
  503: ['Service Unavailable', 'The service is temporarily unavailable.'],
} as const

export type ErrorCode = keyof typeof sorts

/** An error response of the API: `{ error: { code, status, … } }`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly httpStatus: number
  readonly status: string
  readonly parts: Readonly<ErrorParts>

  constructor(code: ErrorCode, parts: ErrorParts = {}) {
    const [status, message] = sorts[code]
    super(parts.message ?? message)
    this.code = code
    this.httpStatus = parts.httpStatus ?? code
    this.status = status
    this.parts = parts
  }

  get id(): string | undefined {
    return this.parts.id
  }

  get reason(): string | undefined {
    return this.parts.reason
  }

  get details(): Readonly<Record<string, unknown>> | undefined {
    return this.parts.details
  }

  get headers(): Readonly<Record<string, string>> | undefined {
    return this.parts.headers
  }

  /** The value of `error` in the body, also used in stored flow errors and in batch responses. */
  get content(): GenericError {
    const { id, reason, request, debug, details } = this.parts
    const content: GenericError = { code: this.code, status: this.status, message: this.message }
    if (id) content.id = id
    if (request) content.request = request
    if (reason) content.reason = reason
    if (debug) content.debug = debug
    if (details) content.details = details
    return content
  }

  toJSON(): ErrorGeneric & Record<string, unknown> {
    return { ...this.parts.beside, error: this.content }
  }

  static badRequest(parts?: ErrorParts): ApiError {
    return new ApiError(400, parts)
  }

  static unauthorized(parts?: ErrorParts): ApiError {
    return new ApiError(401, parts)
  }

  static forbidden(parts?: ErrorParts): ApiError {
    return new ApiError(403, parts)
  }

  static notFound(parts?: ErrorParts): ApiError {
    return new ApiError(404, parts)
  }

  static methodNotAllowed(parts?: ErrorParts): ApiError {
    return new ApiError(405, parts)
  }

  static conflict(parts?: ErrorParts): ApiError {
    return new ApiError(409, parts)
  }

  static gone(parts?: ErrorParts): ApiError {
    return new ApiError(410, parts)
  }

  /** The body exceeds a limit in bytes. */
  static tooLarge(limitBytes: number, parts?: ErrorParts): ApiError {
    return new ApiError(413, { reason: `The limit is ${limitBytes} bytes.`, ...parts })
  }

  static unsupportedMediaType(parts?: ErrorParts): ApiError {
    return new ApiError(415, parts)
  }

  static unprocessable(parts?: ErrorParts): ApiError {
    return new ApiError(422, parts)
  }

  /** Sets the Retry-After header (RFC 9110, section 10.2.3). */
  static tooManyRequests(retryAfterSeconds: number, parts?: ErrorParts): ApiError {
    return new ApiError(429, { headers: { 'retry-after': String(retryAfterSeconds) }, ...parts })
  }

  static internal(parts?: ErrorParts): ApiError {
    return new ApiError(500, parts)
  }

  static unavailable(parts?: ErrorParts): ApiError {
    return new ApiError(503, parts)
  }

  /** The anti-CSRF token of the form does not match the cookie. */
  static csrf(details: Record<string, unknown>): ApiError {
    return new ApiError(403, {
      id: 'security_csrf_violation',
      reason: 'The anti-CSRF token is missing or does not match the cookie of the browser.',
      details,
    })
  }

  static sessionInactive(parts?: ErrorParts): ApiError {
    return new ApiError(401, {
      id: 'session_inactive',
      reason: 'The request contains no valid session.',
      ...parts,
    })
  }

  /** A second factor was requested before the first factor. */
  static sessionAal1Required(): ApiError {
    return new ApiError(401, {
      id: 'session_aal1_required',
      reason: 'Sign in with a first factor before the second factor.',
    })
  }

  static sessionAal2Required(redirectBrowserTo: string): ApiError {
    return new ApiError(403, {
      id: 'session_aal2_required',
      reason: 'This action requires a session with a second factor.',
      details: { redirect_browser_to: redirectBrowserTo },
      beside: { redirect_browser_to: redirectBrowserTo },
    })
  }

  static sessionAalAlreadyFulfilled(): ApiError {
    return new ApiError(401, {
      id: 'session_aal_already_fulfilled',
      reason: 'The session already has this assurance level.',
    })
  }

  /** The session is older than the privileged session age. */
  static sessionRefreshRequired(redirectBrowserTo: string): ApiError {
    return new ApiError(403, {
      id: 'session_refresh_required',
      reason: 'This action requires a recent sign-in. Please sign in again.',
      beside: { redirect_browser_to: redirectBrowserTo },
    })
  }

  static sessionAlreadyAvailable(): ApiError {
    return new ApiError(400, { id: 'session_already_available', reason: 'You are already signed in.' })
  }

  /** As in Kratos, the HTTP status is 403 although the code in the body is 400. */
  static verifiedAddressRequired(continueWith: readonly unknown[]): ApiError {
    return new ApiError(400, {
      id: 'session_verified_address_required',
      reason: 'An address of the account must be verified first.',
      details: { continue_with: continueWith },
      httpStatus: 403,
    })
  }

  /** The flow belongs to another identity. */
  static identityMismatch(): ApiError {
    return new ApiError(403, {
      id: 'security_identity_mismatch',
      reason: 'The flow belongs to another account than the one signed in.',
    })
  }

  static returnToForbidden(): ApiError {
    return new ApiError(400, {
      id: 'self_service_flow_return_to_forbidden',
      reason: 'The return_to URL is not allowed.',
    })
  }

  static flowDisabled(reason: string): ApiError {
    return new ApiError(400, { id: 'self_service_flow_disabled', reason })
  }

  /** Includes the replacement flow. `since` is in nanoseconds on the wire. */
  static flowExpired(
    expired: { expiredAt: Date; sinceMs: number; useFlowId: string },
    details?: Record<string, unknown>,
  ): ApiError {
    return new ApiError(410, {
      id: 'self_service_flow_expired',
      reason: 'The flow has expired. A new flow was created.',
      ...(details && { details }),
      beside: {
        expired_at: expired.expiredAt.toISOString(),
        since: expired.sinceMs * 1_000_000,
        use_flow_id: expired.useFlowId,
      },
    })
  }

  static flowReplaced(useFlowId: string): ApiError {
    return new ApiError(410, {
      id: 'self_service_flow_replaced',
      reason: 'The flow was replaced by another flow.',
      beside: { use_flow_id: useFlowId },
    })
  }

  /** Tells a single-page app where to redirect the browser. */
  static locationChangeRequired(redirectBrowserTo: string): ApiError {
    return new ApiError(422, {
      id: 'browser_location_change_required',
      reason: 'The browser must be redirected to continue.',
      beside: { redirect_browser_to: redirectBrowserTo },
    })
  }

  static invalidConfiguration(reason: string): ApiError {
    return new ApiError(500, { id: 'invalid_configuration', reason })
  }

  static upstream(reason: string): ApiError {
    return new ApiError(502, { id: 'upstream_error', reason })
  }
}
