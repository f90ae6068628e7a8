import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { GrpcServer } from './server.ts'

/** How every HTTP/2 connection begins when the client knows that the server speaks it (RFC 9113, section 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

const usualPatienceMs = 15_000
/** So long the first bytes of a connection may be under way that came just before closing began. */
const graceMs = 100

/**
 * Lets HTTP/1.1 and gRPC share the port of an HTTP server: the first bytes of a connection tell which of them it is.
 * After that nothing stands between the connection and its server.
 */
export function shareWithGrpc(http: FastifyInstance, grpc: GrpcServer, patienceMs = usualPatienceMs): void {
  const { server } = http
  const takers = server.listeners('connection')
  server.removeAllListeners('connection')
  const silent = new Set<Socket>()
  let closing = false
  server.on('connection', (socket: Socket) => {
    silent.add(socket)
    recognise(socket, patienceMs, (isGrpc) => {
      silent.delete(socket)
      if (isGrpc === undefined) return
      if (!isGrpc) for (const take of takers) take.call(server, socket)
      else if (closing) socket.destroy()
      else takeWhole(grpc, socket)
    })
  })
  http.addHook('preClose', (done) => {
    closing = true
    grpc.drain()
    setTimeout(() => {
      for (const socket of silent) socket.destroy()
    }, graceMs).unref()
    done()
  })
}

/** HTTP/1.1 answers clients who have closed their half already; HTTP/2 would not notice that they are gone. */
function takeWhole(grpc: GrpcServer, socket: Socket): void {
  socket.allowHalfOpen = false
  grpc.take(socket)
}

/** Waits until a connection has said enough. It is handed on with all that it has said; undefined if it is over. */
function recognise(socket: Socket, patienceMs: number, then: (isGrpc: boolean | undefined) => void): void {
  let said: Buffer = Buffer.alloc(0)
  const late = setTimeout(() => socket.destroy(), patienceMs)
  const finish = (isGrpc: boolean | undefined) => {
    clearTimeout(late)
    socket.off('data', look).off('end', gone).off('close', gone).off('error', gone)
    if (isGrpc === undefined) {
      socket.destroy()
      then(undefined)
      return
    }
    socket.pause()
    socket.unshift(said)
    then(isGrpc)
    // A server that reads by itself has begun already; the other begins with what was put back.
    if (!isGrpc) process.nextTick(() => socket.resume())
  }
  const look = (chunk: Buffer) => {
    said = said.length === 0 ? chunk : Buffer.concat([said, chunk])
    const length = Math.min(said.length, preface.length)
    if (said.compare(preface, 0, length, 0, length) !== 0) finish(false)
    else if (length === preface.length) finish(true)
  }
  const gone = () => finish(undefined)
  socket.on('data', look).once('end', gone).once('close', gone).once('error', gone)
}
