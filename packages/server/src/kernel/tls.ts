import type { Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { minTlsVersion, type TlsMaterial } from './config/tls.ts'

/** The TLS handshake timeout. */
const handshakeMs = 15_000
/** The timeout for handshakes in progress when the server shuts down. */
const graceMs = 100

export interface TlsLayer {
  /** Uses a renewed certificate for new connections. */
  renew(material: TlsMaterial): void
}

/**
 * Terminates TLS for a server, for HTTP and for gRPC on the same port. `h2` is offered by ALPN if gRPC is served; clients
 * without ALPN use HTTP/1.1.
 */
export function secure(http: FastifyInstance, material: TlsMaterial, options: { grpc: boolean }): TlsLayer {
  const { server } = http
  const takers = server.listeners('connection')
  server.removeAllListeners('connection')
  const shaking = new Map<string, Socket>()
  const layer = createTlsServer({
    ...material,
    rejectUnauthorized: false,
    minVersion: minTlsVersion,
    handshakeTimeout: handshakeMs,
    ALPNProtocols: options.grpc ? ['h2', 'http/1.1'] : ['http/1.1'],
  })
  layer.on('secureConnection', (socket: TLSSocket) => {
    shaking.delete(peerOf(socket))
    for (const take of takers) take.call(server, socket)
  })
  // A failed handshake is a client problem and not logged.
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
    renew: (next) => layer.setSecureContext({ ...next, minVersion: minTlsVersion }),
  }
}

/** Identifies a connection of a port. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
