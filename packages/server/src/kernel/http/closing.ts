import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** The state of a server shutdown. */
export interface Closing {
  headers?: { connection: 'close' }
  /** Functions that end responses without a natural end (streams), while they are being written. */
  readonly streams: Set<() => void>
}

/** How long after the shutdown began a request may still arrive, and a response be read. */
const graceMs = 1000
const checkMs = 250
const maxTurns = 1000

const states = new WeakMap<FastifyInstance, Closing>()

/**
 * Announces the shutdown: from now on every response closes its connection, and streams end. The server still accepts
 * connections, so that no request is lost on its way.
 */
export function announceClose(app: FastifyInstance): void {
  const closing = states.get(app)
  if (!closing || closing.headers) return
  closing.headers = { connection: 'close' }
  for (const stop of closing.streams) stop()
}

/** Has a function called, once, when the shutdown is announced. */
export function endsOnClose(app: FastifyInstance, stop: () => void): void {
  states.get(app)?.streams.add(stop)
}

/**
 * Makes `app.close()` close all connections without losing a request. A busy connection is closed after its response.
 * Node closes idle connections, but waits forever for requests that do not arrive completely and for responses that are
 * not read: those connections are closed after a short time.
 */
export function closingOf(app: FastifyInstance): Closing {
  /** The connections, each with the response to its last request. */
  const connections = new Map<Socket, ServerResponse | undefined>()
  const closing: Closing = { streams: new Set() }
  states.set(app, closing)
  app.server.on('connection', (socket: Socket) => {
    connections.set(socket, undefined)
    socket.once('close', () => connections.delete(socket))
  })
  app.server.on('request', (request, response) => connections.set(request.socket, response))
  app.addHook('preClose', (done) => {
    announceClose(app)
    const until = performance.now() + graceMs
    const timer = setInterval(() => {
      if (performance.now() < until) return
      for (const [socket, response] of connections) if (!isWorking(response)) socket.destroy()
    }, checkMs).unref()
    app.server.once('close', () => clearInterval(timer))
    whenQuiet(app, done)
  })
  return closing
}

/**
 * Calls back right after a turn of the event loop without new connections and requests: what has arrived has been read
 * then, and is neither lost with the listening socket nor with a connection that Node takes for idle.
 */
function whenQuiet({ server }: FastifyInstance, then: () => void): void {
  let turns = 0
  let isQuiet = false
  const seen = () => {
    isQuiet = false
  }
  server.on('connection', seen).on('request', seen)
  const turn = () => {
    if (!isQuiet && turns++ < maxTurns) {
      isQuiet = true
      return void setImmediate(turn)
    }
    server.off('connection', seen).off('request', seen)
    then()
  }
  turn()
}

/** Whether the request was received and the response is still being made. */
function isWorking(response: ServerResponse | undefined): boolean {
  return response?.req.complete === true && !response.writableEnded
}
