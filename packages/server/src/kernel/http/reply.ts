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

const jsonType = 'application/json; charset=utf-8'

export function json(status: number, body: unknown, more?: Pick<Reply, 'headers' | 'cookies'>): Reply {
  return { status, body, contentType: jsonType, ...more }
}

/** JSON that has been written already. */
export function jsonText(status: number, text: string | Buffer, more?: Pick<Reply, 'headers' | 'cookies'>): Reply {
  return { status, text, contentType: jsonType, ...more }
}

export function empty(status = 204, more?: Pick<Reply, 'headers' | 'cookies'>): Reply {
  return { status, ...more }
}

export function plain(status: number, text: string, more?: Pick<Reply, 'headers' | 'cookies'>): Reply {
  return { status, text, contentType: 'text/plain; charset=utf-8', ...more }
}

export function html(status: number, text: string, more?: Pick<Reply, 'headers' | 'cookies'>): Reply {
  return { status, text, contentType: 'text/html; charset=utf-8', ...more }
}

/** Server-sent events (HTML standard, section 9.2), which nothing between here and the reader may keep back or change. */
export function eventStream(stream: NonNullable<Reply['stream']>): Reply {
  const headers = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }
  return { status: 200, stream, contentType: 'text/event-stream; charset=utf-8', headers }
}

/** A redirect with the short page that HTTP recommends (RFC 9110, section 15.4). */
export function redirect(location: string, status: 302 | 303 | 307 = 303, more?: Pick<Reply, 'cookies'>): Reply {
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

/** The same reply with more Set-Cookie lines. */
export function withCookies(reply: Reply, cookies: readonly string[]): Reply {
  return cookies.length === 0 ? reply : { ...reply, cookies: [...(reply.cookies ?? []), ...cookies] }
}
