import type { Socket } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { type AnswerOptions, grpcService } from './answer.ts'
import { createHealth } from './health.ts'
import type { Implementation } from './implement.ts'
import { type ObserveOptions, observeCalls } from './observe.ts'
import { reflectionOf } from './reflection.ts'

export interface GrpcOptions extends AnswerOptions, ObserveOptions {
  readonly services: readonly Implementation[]
}

/** A gRPC server without its own port; connections are handed over to it. */
export interface GrpcServer {
  take(socket: Socket): void
  /** Reports to health checks that the server is about to close. Calls are still answered. */
  announceClose(): void
  /** Rejects new calls, completes pending calls and closes all connections. */
  drain(): void
}

/** In bytes, the same as for HTTP. */
const maxMessageSize = 1 << 20

/** Serves the given services, health and reflection. Node limits header lists to 128 entries and 64 KiB. */
export function createGrpcServer(options: GrpcOptions): GrpcServer {
  const health = createHealth(options.services.map(({ service }) => service))
  const services = [...options.services, health.implementation]
  const observer = observeCalls(options)
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageSize,
    'grpc.max_concurrent_streams': 100,
    'grpc.max_connection_idle_ms': 300_000,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    // The per-call statistics of grpc-js are not used.
    'grpc.enable_channelz': 0,
    interceptors: [observer.interceptor],
  })
  for (const implementation of [...services, ...reflectionOf(services.map(({ service }) => service))]) {
    const { definition, functions } = grpcService(implementation, options)
    server.addService(definition, functions)
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
  return {
    take: (socket) => injector.injectConnection(socket),
    announceClose: () => health.stop(),
    drain() {
      observer.stop()
      server.tryShutdown(() => {})
    },
  }
}
