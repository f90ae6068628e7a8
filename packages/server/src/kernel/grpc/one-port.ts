import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { endsOnClose } from '../http/index.ts'
import type { GrpcServer } from './server.ts'

/** The HTTP/2 connection preface (RFC 9113, section 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

const defaultRecognizeMs = 15_000
/** The timeout for the first bytes of a connection that was opened just before closing started. */
const graceMs = 100

/**
 * Serves HTTP/1.1 and gRPC on the port of an HTTP server. The protocol is detected from the first bytes of a connection,
 * which is then handed over to the respective server.
 */
export function shareWithGrpc(http: FastifyInstance, grpc: GrpcServer, recognizeMs = defaultRecognizeMs): void {
  const { server } = http
  const httpListeners = server.listeners('connection')
  server.removeAllListeners('connection')
  const undecided = new Set<Socket>()
  let closing = false
  server.on('connection', (socket: Socket) => {
    undecided.add(socket)
    detectProtocol(socket, recognizeMs, (isGrpc) => {
      undecided.delete(socket)
      if (isGrpc === undefined) return
      if (!isGrpc) for (const listen of httpListeners) listen.call(server, socket)
      else if (closing) socket.destroy()
      else handOver(grpc, socket)
    })
  })
  endsOnClose(http, () => grpc.announceClose())
  http.addHook('preClose', (done) => {
    closing = true
    grpc.drain()
    setTimeout(() => {
      for (const socket of undecided) socket.destroy()
    }, graceMs).unref()
    done()
  })
}

/** HTTP/1.1 allows half-open connections; HTTP/2 would not detect that the client has disconnected. */
function handOver(grpc: GrpcServer, socket: Socket): void {
  socket.allowHalfOpen = false
  grpc.take(socket)
}

/** Waits for enough bytes and unshifts them; calls `then` with undefined if the connection ends first. */
function detectProtocol(socket: Socket, recognizeMs: number, then: (isGrpc: boolean | undefined) => void): void {
  let received: Buffer = Buffer.alloc(0)
  const timeout = setTimeout(() => socket.destroy(), recognizeMs)
  const finish = (isGrpc: boolean | undefined) => {
    clearTimeout(timeout)
    socket.off('data', look).off('end', gone).off('close', gone).off('error', gone)
    if (isGrpc === undefined) {
      socket.destroy()
      then(undefined)
      return
    }
    socket.pause()
    socket.unshift(received)
    then(isGrpc)
    // The gRPC server starts reading by itself; for the HTTP server the socket must be resumed.
    if (!isGrpc) process.nextTick(() => socket.resume())
  }
  const look = (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const length = Math.min(received.length, preface.length)
    if (received.compare(preface, 0, length, 0, length) !== 0) finish(false)
    else if (length === preface.length) finish(true)
  }
  const gone = () => finish(undefined)
  socket.on('data', look).once('end', gone).once('close', gone).once('error', gone)
}
