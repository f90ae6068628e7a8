import { ApiError } from '@latchkey/api'
import { inner, type MessageOf, mapped, method, oneOfEnum, ProtoFile, type Service, text, watch } from './declare.ts'
import { fullName } from './descriptors.ts'
import { type Implementation, implement, type Stream } from './implement.ts'

const file = new ProtoFile('grpc/health/v1/health.proto')
const servingStatus = file.enumeration('HealthCheckResponse.ServingStatus', [
  'UNKNOWN',
  'SERVING',
  'NOT_SERVING',
  'SERVICE_UNKNOWN',
])
const request = file.message('HealthCheckRequest', { service: text(1) })
const fields = { status: oneOfEnum(1, servingStatus) }
const response = file.message('HealthCheckResponse', fields)
const listRequest = file.message('HealthListRequest', {})
const listResponse = file.message('HealthListResponse', { statuses: mapped(inner(1, response)) })
export const healthService = file.service('Health', {
  Check: method(request, response),
  List: method(listRequest, listResponse),
  Watch: watch(request, response),
})

const [serving, notServing, unknown] = [1, 2, 3]
/** Watches of more than these are not kept. */
const mostWatches = 1000

/**
 * Health as load balancers ask for it (gRPC Health Checking Protocol): of the whole server by the empty name, or of one
 * of its services, or of all of them. Watches are told of the end.
 */
export function createHealth(services: readonly Service[]): { implementation: Implementation; stop(): void } {
  const known = new Set(['', fullName(healthService), ...services.map(fullName)])
  const watches = new Set<Stream<MessageOf<typeof fields>>>()
  let current = serving
  const implementation = implement(
    healthService,
    {
      Check(_ctx, { service }) {
        if (!known.has(service)) throw ApiError.notFound({ reason: 'There is no service of this name here.' })
        return { status: current }
      },
      List: () => ({ statuses: Object.fromEntries([...known].map((name) => [name, { status: current }])) }),
      Watch({ service }, stream) {
        if (watches.size >= mostWatches) throw ApiError.tooManyRequests(60)
        stream.write({ status: known.has(service) ? current : unknown })
        watches.add(stream)
        stream.onEnd(() => watches.delete(stream))
      },
    },
    { open: true },
  )
  return {
    implementation,
    stop() {
      current = notServing
      for (const stream of watches) {
        stream.write({ status: current })
        stream.end()
      }
    },
  }
}
