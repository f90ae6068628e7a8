import type { Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { oldestTlsVersion, type TlsMaterial } from './config/tls.ts'

/** How long a client may take for the handshake. */
const handshakeMs = 15_000
/** When the server closes, handshakes that began just before are given this long. */
const graceMs = 100

export interface TlsLayer {
  /** Takes a renewed certificate for the connections that begin from now on. */
  renew(material: TlsMaterial): void
}

/**
 * Puts TLS before everything that a server does with its connections, be it HTTP or gRPC on the same port. `h2` is offered
 * where gRPC is spoken; clients that ask for no protocol get HTTP/1.1.
 */
export function secure(http: FastifyInstance, material: TlsMaterial, options: { grpc: boolean }): TlsLayer {
  const { server } = http
  const takers = server.listeners('connection')
  server.removeAllListeners('connection')
  const shaking = new Map<string, Socket>()
  const layer = createTlsServer({
    ...material,
    minVersion: oldestTlsVersion,
    handshakeTimeout: handshakeMs,
    ALPNProtocols: options.grpc ? ['h2', 'http/1.1'] : ['http/1.1'],
  })
  layer.on('secureConnection', (socket: TLSSocket) => {
    shaking.delete(peerOf(socket))
    for (const take of takers) take.call(server, socket)
  })
  // Only the client can do something about a handshake that failed.
  layer.on('tlsClientError', (_error, socket) => socket.destroy())
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket)
    shaking.set(peer, socket)
    socket.once('close', () => shaking.delete(peer))
    layer.emit('connection', socket)
  })
  http.addHook('preClose', (done) => {
    setTimeout(() => {
      for (const socket of shaking.values()) socket.destroy()
    }, graceMs).unref()
    done()
  })
  return {
    renew: (next) => layer.setSecureContext({ ...next, minVersion: oldestTlsVersion }),
  }
}

/** What tells the connections of one port apart. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
