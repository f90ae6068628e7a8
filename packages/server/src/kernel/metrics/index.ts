import type { Registry } from 'prom-client'
import type { Observer } from '../http/index.ts'
import { version } from '../version.ts'
import { httpDurations } from './durations.ts'

/** A number that is read when the metrics are asked for. */
export interface Gauge {
  readonly name: string
  readonly help: string
  readonly label: string
  /** The numbers by the value of the label. */
  readonly read: () => Promise<Record<string, number>> | Record<string, number>
}

export interface Metrics {
  readonly observe: Observer
  /** Everything in Prometheus' text format. */
  text(): Promise<{ contentType: string; text: string }>
}

/** What is counted in this process. The library is loaded when the metrics are first asked for. */
export function createMetrics(gauges: readonly Gauge[]): Metrics {
  const durations = httpDurations()
  let registry: Promise<Registry> | undefined
  return {
    observe: durations.observe,
    async text() {
      registry ??= registryOf(durations.metric, gauges)
      const found = await registry
      return { contentType: found.contentType, text: await found.metrics() }
    },
  }
}

async function registryOf(
  durations: ReturnType<typeof httpDurations>['metric'],
  gauges: readonly Gauge[],
): Promise<Registry> {
  const { collectDefaultMetrics, Gauge, Registry } = (await import('prom-client')).default
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  registry.registerMetric(durations as never)
  const build = {
    name: 'latchkey_build_info',
    help: 'The version that runs.',
    labelNames: ['version'],
    registers: [registry],
  }
  new Gauge(build).set({ version }, 1)
  for (const { name, help, label, read } of gauges) {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      async collect() {
        for (const [value, number] of Object.entries(await read())) this.set({ [label]: value }, number)
      },
    })
  }
  return registry
}
