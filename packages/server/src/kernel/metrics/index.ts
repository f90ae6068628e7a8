import type { Registry } from 'prom-client'
import type { Observer } from '../http/index.ts'
import { version } from '../version.ts'
import { httpDurations } from './durations.ts'

/** A gauge that is read when metrics are scraped. */
export interface Gauge {
  readonly name: string
  readonly help: string
  readonly label: string
  /** The values by label. */
  readonly read: () => Promise<Record<string, number>> | Record<string, number>
}

/** Counters of this process by labels, which are read when metrics are scraped. */
export interface Counter {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly read: () => Iterable<{ labels: Record<string, string>; count: number }>
}

export interface Metrics {
  readonly observe: Observer
  /** All metrics in Prometheus text format. */
  text(): Promise<{ contentType: string; text: string }>
}

/** The metrics of this process. The metrics library is loaded at the first scrape. */
export function createMetrics(gauges: readonly Gauge[], counters: readonly Counter[] = []): Metrics {
  const durations = httpDurations()
  let registry: Promise<Registry> | undefined
  return {
    observe: durations.observe,
    async text() {
      registry ??= registryOf(durations.metric, gauges).then((made) => withCounters(made, counters))
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
    help: 'The version of the server.',
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

async function withCounters(registry: Registry, counters: readonly Counter[]): Promise<Registry> {
  const { Counter } = (await import('prom-client')).default
  for (const { name, help, labels, read } of counters) {
    new Counter({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        this.reset()
        for (const one of read()) this.inc(one.labels, one.count)
      },
    })
  }
  return registry
}
