import type { Logger } from 'pino'
import type { Environment, InstallationConfig } from '../configuration/index.ts'
import { countWaiting, deliveryCounts, templateFailureCounts } from '../courier/index.ts'
import type { Database } from '../db/index.ts'
import { limitHashing } from '../identity/index.ts'
import type { Observer } from '../kernel/http/index.ts'
import { type Counter, createMetrics, type Gauge, type Metrics } from '../kernel/metrics/index.ts'
import { requestLog } from '../kernel/request-log.ts'
import type { Shadow } from '../kernel/shadow/index.ts'
import { startTraces } from '../kernel/traces/index.ts'
import type { ListenerKind } from '../listeners/index.ts'
import { tracingVariables } from './tracing-variables.ts'

/** What is told about the running server to those who operate it. */
export interface Telemetry {
  readonly metrics: Metrics
  /** Those who are told of every answer of a listener. */
  observers(listener: ListenerKind): readonly Observer[]
  close(): Promise<void>
}

interface TelemetrySources {
  readonly log: Logger
  readonly env: Environment
  readonly settings: () => InstallationConfig
  readonly workers: Gauge['read']
  /** The server that is asked too. */
  readonly shadow?: Shadow | undefined
}

/** Starts counting and logging, and tracing where the environment asks for it. */
export async function startTelemetry(
  database: Database,
  { log, env, settings, workers, shadow }: TelemetrySources,
): Promise<Telemetry> {
  const gauges = [
    {
      name: 'latchkey_hashing_passwords',
      help: 'Passwords that are being hashed and that wait for it, in this process.',
      label: 'state',
      read: () => ({ ...limitHashing.load() }),
    },
    {
      name: 'latchkey_courier_messages',
      help: 'Messages that wait for their delivery, in the whole installation.',
      label: 'status',
      read: () => countWaiting(database),
    },
    {
      name: 'latchkey_workers',
      help: 'Worker processes of this server that listen, and that should.',
      label: 'state',
      read: workers,
    },
    ...(shadow
      ? [
          {
            name: 'latchkey_shadow_requests',
            help: 'Requests that were also sent to the other server (--shadow), in this process.',
            label: 'outcome',
            read: () => shadow.counts(),
          },
        ]
      : []),
  ]
  const metrics = createMetrics(gauges, courierCounters)
  const traces = await startTraces({ ...tracingVariables(settings().tracing), ...env })
  return {
    metrics,
    observers: (listener) => [
      metrics.observe,
      requestLog(log, () => isHealthLeftOut[listener](settings())),
      ...(traces ? [traces.observe] : []),
      ...shadowObservers(shadow, listener),
    ],
    async close() {
      await traces?.close()
    },
  }
}

/** Whether the request log of a listener leaves out health checks. */
const isHealthLeftOut: Record<ListenerKind, (settings: InstallationConfig) => boolean> = {
  public: ({ kratos }) => kratos.serve.public.request_log.disable_for_health,
  admin: ({ kratos }) => kratos.serve.admin.request_log.disable_for_health,
  'oauth2-public': ({ hydra }) => hydra.serve.public.request_log.disable_for_health,
  'oauth2-admin': ({ hydra }) => hydra.serve.admin.request_log.disable_for_health,
  permission: () => false,
}

const courierCounters: readonly Counter[] = [
  {
    name: 'latchkey_courier_deliveries_total',
    help: 'Attempts to deliver a message, in this process.',
    labels: ['template_type', 'outcome'],
    read: deliveryCounts,
  },
  {
    name: 'latchkey_courier_template_failures_total',
    help: 'Custom templates that failed, so that the built-in one was sent, in this process.',
    labels: ['template_type', 'part'],
    read: templateFailureCounts,
  },
]

function shadowObservers(shadow: Shadow | undefined, listener: ListenerKind): Observer[] {
  const observer = listener === 'public' || listener === 'admin' ? shadow?.observe(listener) : undefined
  return observer ? [observer] : []
}
