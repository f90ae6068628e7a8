import type { ErrorGeneric, GenericError } from './error-models.ts'

/** What a single error says beyond its sort. */
export interface ErrorParts {
  /** Ory's name for this very error, such as session_inactive. */
  id?: string
  message?: string
  reason?: string
  /** The id of the request, for finding it in the log. */
  request?: string
  debug?: string
  details?: Record<string, unknown>
  /** Members that stand beside `error` in the body. */
  beside?: Record<string, unknown>
  /** Where it differs from the code in the body. */
  httpStatus?: number
  headers?: Record<string, string>
}

const sorts = {
  400: ['Bad Request', 'The request is not valid.'],
  401: ['Unauthorized', 'You need to sign in for this.'],
  403: ['Forbidden', 'This is not allowed.'],
  404: ['Not Found', 'There is nothing here.'],
  405: ['Method Not Allowed', 'This method does not work here.'],
  409: ['Conflict', 'This collides with something that exists already.'],
  410: ['Gone', 'This is no longer there.'],
  413: ['Request Entity Too Large', 'The request is too large.'],
  415: ['Unsupported Media Type', 'The body is of a type that is not understood here.'],
  422: ['Unprocessable Entity', 'The request cannot be carried out as it is.'],
  429: ['Too Many Requests', 'There were too many requests. Please wait a little.'],
  500: ['Internal Server Error', 'Something went wrong here. It has been logged.'],
  502: ['Bad Gateway', 'A service that is needed for this did not answer as it should.'],
  503: ['Service Unavailable', 'The service cannot answer at present.'],
} as const

export type ErrorCode = keyof typeof sorts

/** An error as the API answers it: `{ error: { code, status, … } }`. Each is made for one request. */
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

  /** What stands under `error`, also in stored flow errors and in the answers of a batch. */
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

  /** The body is over a limit given in bytes. */
  static tooLarge(limitBytes: number, parts?: ErrorParts): ApiError {
    return new ApiError(413, { reason: `At most ${limitBytes} bytes are read.`, ...parts })
  }

  static unsupportedMediaType(parts?: ErrorParts): ApiError {
    return new ApiError(415, parts)
  }

  static unprocessable(parts?: ErrorParts): ApiError {
    return new ApiError(422, parts)
  }

  /** Tells, in seconds, when to try again. */
  static tooManyRequests(retryAfterSeconds: number, parts?: ErrorParts): ApiError {
    return new ApiError(429, { headers: { 'retry-after': String(retryAfterSeconds) }, ...parts })
  }

  static internal(parts?: ErrorParts): ApiError {
    return new ApiError(500, parts)
  }

  static unavailable(parts?: ErrorParts): ApiError {
    return new ApiError(503, parts)
  }

  /** The form's token does not belong to the browser's cookie. */
  static csrf(details: Record<string, unknown>): ApiError {
    return new ApiError(403, {
      id: 'security_csrf_violation',
      reason: 'The form was not sent by the browser that opened it, so it was refused.',
      details,
    })
  }

  /** The request carries no session that is still active. */
  static sessionInactive(parts?: ErrorParts): ApiError {
    return new ApiError(401, {
      id: 'session_inactive',
      reason: 'The request carries no active session.',
      ...parts,
    })
  }

  /** A second factor was asked for before the first. */
  static sessionAal1Required(): ApiError {
    return new ApiError(401, {
      id: 'session_aal1_required',
      reason: 'Sign in with a first factor before a second one.',
    })
  }

  static sessionAal2Required(redirectBrowserTo: string): ApiError {
    return new ApiError(403, {
      id: 'session_aal2_required',
      reason: 'The session needs a second factor for this.',
      details: { redirect_browser_to: redirectBrowserTo },
      beside: { redirect_browser_to: redirectBrowserTo },
    })
  }

  static sessionAalAlreadyFulfilled(): ApiError {
    return new ApiError(401, {
      id: 'session_aal_already_fulfilled',
      reason: 'The session has this level of assurance already.',
    })
  }

  /** The session is too old for what is asked. */
  static sessionRefreshRequired(redirectBrowserTo: string): ApiError {
    return new ApiError(403, {
      id: 'session_refresh_required',
      reason: 'It is too long since you signed in. Please sign in again for this.',
      beside: { redirect_browser_to: redirectBrowserTo },
    })
  }

  static sessionAlreadyAvailable(): ApiError {
    return new ApiError(400, { id: 'session_already_available', reason: 'You are signed in already.' })
  }

  /** As with Ory the answer's status is 403 while its body says 400. */
  static verifiedAddressRequired(continueWith: readonly unknown[]): ApiError {
    return new ApiError(400, {
      id: 'session_verified_address_required',
      reason: 'An address of the account has to be verified first.',
      details: { continue_with: continueWith },
      httpStatus: 403,
    })
  }

  /** The flow was begun by someone else. */
  static identityMismatch(): ApiError {
    return new ApiError(403, {
      id: 'security_identity_mismatch',
      reason: 'This was begun by another account than the one signed in.',
    })
  }

  static returnToForbidden(): ApiError {
    return new ApiError(400, {
      id: 'self_service_flow_return_to_forbidden',
      reason: 'The address to return to is not on the list of those allowed.',
    })
  }

  static flowDisabled(reason: string): ApiError {
    return new ApiError(400, { id: 'self_service_flow_disabled', reason })
  }

  /** With the flow that takes the place of the expired one; `since` on the wire is in nanoseconds. */
  static flowExpired(
    expired: { expiredAt: Date; sinceMs: number; useFlowId: string },
    details?: Record<string, unknown>,
  ): ApiError {
    return new ApiError(410, {
      id: 'self_service_flow_expired',
      reason: 'The flow has expired. A new one was made.',
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
      reason: 'Another flow has taken the place of this one.',
      beside: { use_flow_id: useFlowId },
    })
  }

  /** Tells a script where to send the browser. */
  static locationChangeRequired(redirectBrowserTo: string): ApiError {
    return new ApiError(422, {
      id: 'browser_location_change_required',
      reason: 'The browser has to go to another address to continue.',
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
