/** Something that the server depends on cannot be used at present. The request is answered with 503 and can be repeated. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  /** What the client is told; the `cause` is for the log only. */
  readonly reason: string

  constructor(reason: string, options: { cause: unknown }) {
    super(reason, options)
    this.reason = reason
  }
}

/** The `Retry-After` of an answer, in seconds: the least that the header can express (RFC 9110, section 10.2.3). */
export const retryAfterSeconds = 1
