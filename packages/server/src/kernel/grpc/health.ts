import type { DescService, MessageInitShape } from '@bufbuild/protobuf'
import { ApiError } from '@latchkey/api'
import {
  Health,
  type HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from '../../generated/grpc/health/v1/health_pb.ts'
import { type Implementation, implement, type Stream } from './implement.ts'

/** Watches of one client address, and of all. */
const maxWatchesPerPeer = 100
const maxWatches = 10_000

/**
 * The gRPC Health Checking Protocol, for load balancers: the health of the whole server (empty name), of one service, or
 * of all services. Watches receive a final status when the server closes.
 */
export function createHealth(services: readonly DescService[]): { implementation: Implementation; stop(): void } {
  const names = new Set(['', Health.typeName, ...services.map(({ typeName }) => typeName)])
  const watches = new Set<Stream<MessageInitShape<typeof HealthCheckResponseSchema>>>()
  const peers = new Map<string, number>()
  let current: ServingStatus = ServingStatus.SERVING
  const implementation = implement(
    Health,
    {
      check(_ctx, { service }) {
        if (!names.has(service)) throw ApiError.notFound({ reason: 'There is no service with this name.' })
        return { status: current }
      },
      list: () => ({ statuses: Object.fromEntries([...names].map((name) => [name, { status: current }])) }),
      watch({ service }, stream) {
        const ofPeer = peers.get(stream.peer) ?? 0
        if (ofPeer >= maxWatchesPerPeer || watches.size >= maxWatches) throw ApiError.tooManyRequests(60)
        stream.write({ status: names.has(service) ? current : ServingStatus.SERVICE_UNKNOWN })
        watches.add(stream)
        peers.set(stream.peer, ofPeer + 1)
        stream.onEnd(() => {
          if (!watches.delete(stream)) return
          const left = (peers.get(stream.peer) ?? 1) - 1
          if (left > 0) peers.set(stream.peer, left)
          else peers.delete(stream.peer)
        })
      },
    },
    { isOpen: true },
  )
  return {
    implementation,
    stop() {
      current = ServingStatus.NOT_SERVING
      for (const stream of watches) {
        stream.write({ status: current })
        stream.end()
      }
    },
  }
}
