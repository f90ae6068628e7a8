/** What a handler answers. A `text` body is sent as it is, `body` as JSON. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
  /** As it is, or in UTF-8 already. */
  readonly text?: string | Buffer
  /** A body in pieces, which ends by itself or with the signal: the caller has gone, or the server closes. */
  readonly stream?: (signal: AbortSignal) => AsyncIterable<string>
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Set-Cookie lines. */
  readonly cookies?: readonly string[]
}

/** A JSON answer whose status and body the compiler knows, so that it can be held against what an operation declares. */
export interface JsonReply<Status extends number, Body> extends Reply {
  readonly status: Status
  readonly body: Body
  readonly text?: undefined
  readonly stream?: undefined
}

/** An answer without a body. */
export interface EmptyReply<Status extends number> extends Reply {
  readonly status: Status
  readonly body?: undefined
  readonly text?: undefined
  readonly stream?: undefined
}

/** An answer whose text is complete: JSON from the database, a page, a redirect. No schema is held against it. */
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

/** JSON that was serialized before, for the hot paths (decision 0003). */
export function jsonText(status: number, text: string | Buffer, extras?: Extras): TextReply {
  return { status, text, contentType: jsonType, ...extras }
}

export function empty(): EmptyReply<204>
export function empty<const Status extends number>(status: Status, extras?: Extras): EmptyReply<Status>
export function empty(status = 204, extras?: Extras): EmptyReply<number> {
  return { status, ...extras }
}

/** The answer of operations whose 204 names a content type all the same (Kratos). */
export function emptyJson(): EmptyReply<204> {
  return { status: 204, contentType: jsonType }
}

export function plain(status: number, text: string, extras?: Extras): TextReply {
  return { status, text, contentType: 'text/plain; charset=utf-8', ...extras }
}

export function html(status: number, text: string, extras?: Extras): TextReply {
  return { status, text, contentType: 'text/html; charset=utf-8', ...extras }
}

/** Server-sent events (HTML standard, section 9.2), which nothing between here and the reader may keep back or change. */
export function eventStream(stream: StreamReply['stream']): StreamReply {
  const headers = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }
  return { status: 200, stream, contentType: 'text/event-stream; charset=utf-8', headers }
}

/** A redirect with the short page that HTTP recommends (RFC 9110, section 15.4). */
export function redirect(location: string, status: 302 | 303 | 307 = 303, more?: Pick<Reply, 'cookies'>): TextReply {
  const target = inAscii(location)
  const href = target.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  return html(status, `<a href="${href}">Continue</a>.\n`, { headers: { location: target }, ...more })
}

/** An address as a header can carry it (RFC 3986, section 2.1). */
function inAscii(address: string): string {
  return address.replace(/[^\x21-\x7e]+/g, (text) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}
