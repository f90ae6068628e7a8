import type { Answer, GenericError, OperationSpec } from '@latchkey/api'

/** A response with an error status. `id` is Ory's name for the error, such as session_inactive. */
export class LatchkeyError<Body = unknown> extends Error {
  override readonly name = 'LatchkeyError'
  /** The operation that was called. */
  readonly operation: string
  readonly status: number
  readonly body: Body

  constructor(operation: string, status: number, body: Body) {
    const error = generic(body)
    super(error?.reason ?? error?.message ?? `${operation} was answered with status ${status}.`)
    this.operation = operation
    this.status = status
    this.body = body
  }

  get id(): string | undefined {
    return generic(this.body)?.id
  }

  get reason(): string | undefined {
    return generic(this.body)?.reason
  }

  get details(): Readonly<Record<string, unknown>> | undefined {
    return generic(this.body)?.details
  }

  /** The URL that a script must redirect the browser to. */
  get redirectBrowserTo(): string | undefined {
    return redirectOf(this.body)
  }
}

/**
 * Whether an error has the response that an operation declares for a status, such as the flow with its messages
 * after a wrong password: `if (hasResponse(error, updateLoginFlow, 400)) show(error.body.ui)`.
 * False for a generic error with the same status.
 */
export function hasResponse<O extends OperationSpec, Status extends keyof O['returns'] & number>(
  error: unknown,
  operation: O,
  status: Status,
): error is LatchkeyError<Answer<O, Status>> {
  if (!(error instanceof LatchkeyError)) return false
  if (error.operation !== operation.id || error.status !== status) return false
  return redirectOf(error.body) !== undefined || generic(error.body) === undefined
}

function generic(body: unknown): GenericError | undefined {
  const error = (body as { error?: unknown } | null | undefined)?.error
  return typeof error === 'object' && error !== null ? (error as GenericError) : undefined
}

function redirectOf(body: unknown): string | undefined {
  const location = (body as { redirect_browser_to?: unknown } | null | undefined)?.redirect_browser_to
  return typeof location === 'string' ? location : undefined
}
