import type { Socket } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { type Answering, answers } from './answer.ts'
import { registryOf } from './descriptors.ts'
import { createHealth } from './health.ts'
import type { Implementation } from './implement.ts'
import { reflectionOf } from './reflection.ts'
import { type Watching, watching } from './watching.ts'

export interface GrpcOptions extends Answering, Watching {
  readonly services: readonly Implementation[]
}

/** A gRPC server without a port of its own: connections are handed to it. */
export interface GrpcServer {
  take(socket: Socket): void
  /** Takes no new calls, finishes those begun and closes all connections. */
  drain(): void
}

/** Largest message that is read, as with HTTP. */
const messageLimit = 1 << 20

/**
 * Serves services, and with them health and reflection. Header lists are bounded by Node: 128 of them, 64 KiB in all.
 */
export function createGrpcServer(options: GrpcOptions): GrpcServer {
  const health = createHealth(options.services.map(({ service }) => service))
  const services = [...options.services, health.implementation]
  const all = [...services, ...reflectionOf(services.map(({ service }) => service))]
  const watch = watching(options)
  const server = new Server({
    'grpc.max_receive_message_length': messageLimit,
    'grpc.max_concurrent_streams': 100,
    'grpc.max_connection_idle_ms': 300_000,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    // Nobody asks for the statistics that grpc-js would keep of every call.
    'grpc.enable_channelz': 0,
    interceptors: [watch.interceptor],
  })
  const registry = registryOf(all.map(({ service }) => service.file))
  for (const implementation of all) {
    const { definition, functions } = answers(registry, implementation, options)
    server.addService(definition, functions)
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
  return {
    take: (socket) => injector.injectConnection(socket),
    drain() {
      health.stop()
      watch.stop()
      server.tryShutdown(() => {})
    },
  }
}
