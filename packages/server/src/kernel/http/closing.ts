import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** The state of a server shutdown. */
export interface Closing {
  headers?: { connection: 'close' }
  /** Functions that end responses without a natural end (streams), while they are being written. */
  readonly streams: Set<() => void>
}

/** How long a request sent just before the shutdown may take to arrive. */
const graceMs = 100

/**
 * Makes `app.close()` close all connections without losing a request. A busy connection is closed after its response.
 * Node closes idle connections, but waits forever for incomplete requests: those connections are closed after a short
 * time if they have sent nothing yet, otherwise after `headersMs`.
 */
export function closingOf(app: FastifyInstance, headersMs: number): Closing {
  const waiting = new Set<Socket>()
  const closing: Closing = { streams: new Set() }
  app.server.on('connection', (socket: Socket) => {
    waiting.add(socket)
    socket.once('close', () => waiting.delete(socket))
  })
  app.server.on('request', ({ socket }) => waiting.delete(socket))
  app.addHook('preClose', (done) => {
    closing.headers = { connection: 'close' }
    for (const stop of closing.streams) stop()
    setTimeout(() => end([...waiting].filter((socket) => socket.bytesRead === 0)), graceMs).unref()
    setTimeout(() => end([...waiting]), headersMs).unref()
    done()
  })
  return closing
}

function end(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.destroy()
}
