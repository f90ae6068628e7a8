import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** What answers carry while the server is closing. */
export interface Closing {
  headers?: { connection: 'close' }
  /** Ends the answers that do not end by themselves, each of which stands here while it is being written. */
  readonly streams: Set<() => void>
}

/** How long a request that was sent just before closing began may take to arrive. */
const graceMs = 100

/**
 * Makes `app.close()` end all connections without losing a request. One that was busy when closing began is closed
 * with its answer. Node itself closes those that wait for another request, and waits for ever for those that never
 * sent one whole: these are closed after a moment if they said nothing yet, otherwise when `headersMs` are over.
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
