import type { Socket } from 'node:net'

/** How long a client may take to read the refusal while the rest of its request is discarded. */
const readMs = 1000

type Refusal = readonly [status: number, title: string, text: string]

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Request Header Fields Too Large',
    'The request has too large headers. Mostly that is because of cookies: delete the cookies of this site and its parent domain, then try again.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request was not received in time.'],
}

const badRequest: Refusal = [400, 'Bad Request', 'The request is not valid HTTP.']

/**
 * Answers invalid HTTP and incomplete requests, which no handler sees. Too large headers are mostly the cookies of a
 * browser, so they get a page unless the request is known to want JSON.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return
  const [status, title, text] = refusals[error.code ?? ''] ?? badRequest
  const isPage = status === 431 && !/^accept: *application\/json/im.test(receivedText(error))
  const body = isPage ? page(title, text) : JSON.stringify({ error: { code: status, status: title, message: text } })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Connection: close',
    `Content-Type: ${isPage ? 'text/html' : 'application/json'}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'",
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  // A connection that is closed with unread data is reset, and the client would not see the answer.
  socket.resume()
  setTimeout(() => socket.destroy(), readMs).unref()
}

/** The part of the request that was received with the mistake. */
function receivedText(error: Error): string {
  return 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1') : ''
}

function page(title: string, text: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>`
  return `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>`
}
