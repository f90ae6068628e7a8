/** The response of a handler. `text` is sent unchanged, `body` as JSON. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
  /** A string, or UTF-8 bytes. */
  readonly text?: string | Buffer
  /** A streamed body. It ends by itself or when the signal is aborted (client disconnect or shutdown). */
  readonly stream?: (signal: AbortSignal) => AsyncIterable<string>
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Set-Cookie header values. */
  readonly cookies?: readonly string[]
}

/** A JSON response with typed status and body, which the compiler checks against the declaration of the operation. */
export interface JsonReply<Status extends number, Body> extends Reply {
  readonly status: Status
  readonly body: Body
  readonly text?: undefined
  readonly stream?: undefined
}

/** A response without a body. */
export interface EmptyReply<Status extends number> extends Reply {
  readonly status: Status
  readonly body?: undefined
  readonly text?: undefined
  readonly stream?: undefined
}

/** A response with a complete text: JSON from the database, a page, a redirect. It is not checked against a schema. */
export interface TextReply extends Reply {
  readonly body?: undefined
  readonly text: string | Buffer
  readonly stream?: undefined
}

export interface StreamReply extends Reply {
  readonly body?: undefined
  readonly text?: undefined
  readonly stream: NonNullable<Reply['stream']>
}

type Extras = Pick<Reply, 'headers' | 'cookies'>

const jsonType = 'application/json; charset=utf-8'

export function json<const Status extends number, Body>(
  status: Status,
  body: Body,
  extras?: Extras,
): JsonReply<Status, Body> {
  return { status, body, contentType: jsonType, ...extras }
}

/** Pre-serialized JSON, for frequent responses (decision 0003). */
export function jsonText(status: number, text: string | Buffer, extras?: Extras): TextReply {
  return { status, text, contentType: jsonType, ...extras }
}

export function empty(): EmptyReply<204>
export function empty<const Status extends number>(status: Status, extras?: Extras): EmptyReply<Status>
export function empty(status = 204, extras?: Extras): EmptyReply<number> {
  return { status, ...extras }
}

/** A 204 response with a content type, as some operations of Kratos return. */
export function emptyJson(): EmptyReply<204> {
  return { status: 204, contentType: jsonType }
}

export function plain(status: number, text: string, extras?: Extras): TextReply {
  return { status, text, contentType: 'text/plain; charset=utf-8', ...extras }
}

export function html(status: number, text: string, extras?: Extras): TextReply {
  return { status, text, contentType: 'text/html; charset=utf-8', ...extras }
}

/** Server-sent events (HTML standard, section 9.2), with headers that prevent buffering and transformation by proxies. */
export function eventStream(stream: StreamReply['stream']): StreamReply {
  const headers = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }
  return { status: 200, stream, contentType: 'text/event-stream; charset=utf-8', headers }
}

/** A redirect with the short HTML body recommended by RFC 9110, section 15.4. */
export function redirect(location: string, status: 302 | 303 | 307 = 303, more?: Pick<Reply, 'cookies'>): TextReply {
  const target = inAscii(location)
  const href = target.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  return html(status, `<a href="${href}">Continue</a>.\n`, { headers: { location: target }, ...more })
}

/** A URL in ASCII, percent-encoded (RFC 3986, section 2.1). */
function inAscii(address: string): string {
  return address.replace(/[^\x21-\x7e]+/g, (text) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}
