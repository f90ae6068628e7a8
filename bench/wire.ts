import { connect, type Socket } from 'node:net'

export interface Answer {
  status: number
  /** The number of bytes after the header, including chunk headers. */
  bytes: number
  /** The whole response; empty unless it was asked for. */
  text: string
}

/**
 * A persistent HTTP/1.1 connection that sends prepared bytes, one request at a time, and parses only the necessary
 * parts of the response.
 */
export class Wire {
  private readonly socket: Socket
  private missing = 0
  private status = 0
  private bytes = 0
  private pending: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  private received: Buffer = Buffer.alloc(0)
  private keepsText = false
  private text = ''

  constructor(origin: URL) {
    this.socket = connect({ host: origin.hostname, port: Number(origin.port), noDelay: true })
    this.socket.on('data', (chunk) => this.take(chunk))
    this.socket.on('error', (error) => this.fail(error))
    this.socket.on('close', () => this.fail(new Error('the server closed the connection')))
  }

  send(request: string, { keepsText = false } = {}): Promise<Answer> {
    this.keepsText = keepsText
    this.text = ''
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) return reject(new Error('the connection is closed'))
      this.pending = { resolve, reject }
      this.socket.write(request)
    })
  }

  close(): void {
    this.socket.destroy()
  }

  private fail(error: Error): void {
    this.pending?.reject(error)
    this.pending = undefined
  }

  private take(chunk: Buffer): void {
    if (this.keepsText) this.text += chunk.toString('latin1')
    if (this.missing > 0) {
      this.count(chunk.length)
      return
    }
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk])
    const headEnd = this.received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = this.received.toString('latin1', 0, headEnd)
    const body = this.received.subarray(headEnd + 4)
    this.status = Number(head.slice(9, 12))
    const length = /^content-length: *(\d+)/im.exec(head)?.[1]
    if (length !== undefined) {
      // The rest of a body of known length is counted, not stored: copying it would distort the measurement.
      this.bytes = Number(length)
      this.missing = this.bytes
      this.received = Buffer.alloc(0)
      this.count(body.length)
      return
    }
    const bytes = chunkedLength(head, body)
    if (bytes === undefined) return
    this.bytes = bytes
    this.received = Buffer.alloc(0)
    this.done()
  }

  private count(bytes: number): void {
    this.missing -= bytes
    if (this.missing <= 0) this.done()
  }

  private done(): void {
    this.missing = 0
    const { pending, status, bytes, text } = this
    this.pending = undefined
    pending?.resolve({ status, bytes, text })
  }
}

/** The length of a chunked body, or undefined while it is incomplete. */
function chunkedLength(head: string, body: Buffer): number | undefined {
  if (!/^transfer-encoding: *chunked/im.test(head)) return 0
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    at = lineEnd + 2 + size + 2
    if (at > body.length) return undefined
    if (size === 0) return at
  }
}
