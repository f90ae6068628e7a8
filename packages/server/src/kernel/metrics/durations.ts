import type { Observer } from '../http/index.ts'

/** Upper bounds in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface Series {
  readonly labels: { method: string; endpoint: string; code: string }
  /** Counts per bucket (not cumulative); the last is for durations above all bounds. */
  readonly counts: number[]
  seconds: number
}

/** Clients can send arbitrary methods, so unknown ones share one label. */
const methods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])

/**
 * Durations of HTTP requests by method, route and status class. Counted in plain arrays, because this runs for every
 * request and a metrics library would dominate the cost of a request.
 */
export function httpDurations(): { observe: Observer; metric: HistogramMetric } {
  const byRoute = new Map<string, Series[]>()
  const observe: Observer = ({ route, method, status, durationMs }) => {
    const endpoint = route?.path ?? 'none'
    const known = byRoute.get(endpoint)
    const list = known ?? []
    if (!known) byRoute.set(endpoint, list)
    const name = methods.has(method) ? method : 'other'
    const code = classes[Math.floor(status / 100)] ?? '5xx'
    let series = seriesOf(list, name, code)
    if (!series) {
      series = { labels: { method: name, endpoint, code }, counts: new Array(bounds.length + 1).fill(0), seconds: 0 }
      list.push(series)
    }
    const seconds = durationMs / 1000
    let index = 0
    while (index < bounds.length && seconds > (bounds[index] as number)) index++
    series.counts[index] = (series.counts[index] ?? 0) + 1
    series.seconds += seconds
  }
  return { observe, metric: new HistogramMetric(() => [...byRoute.values()].flat()) }
}

/** A loop, since a closure for each request costs more than the rest. */
function seriesOf(list: readonly Series[], method: string, code: string): Series | undefined {
  for (const series of list) if (series.labels.method === method && series.labels.code === code) return series
  return undefined
}

const classes = ['', '1xx', '2xx', '3xx', '4xx', '5xx']

const name = 'http_requests_duration_seconds'

/** A histogram that a prom-client registry can export. */
class HistogramMetric {
  readonly name = name
  readonly help = 'Duration of HTTP requests in seconds.'
  readonly type = 'histogram'
  readonly #series: () => Series[]

  constructor(series: () => Series[]) {
    this.#series = series
  }

  async get() {
    const values = this.#series().flatMap(({ labels, counts, seconds }) => {
      let total = 0
      const buckets = counts.map((count, index) => {
        total += count
        return { labels: { le: bounds[index] ?? '+Inf', ...labels }, value: total, metricName: `${name}_bucket` }
      })
      const sum = { labels, value: seconds, metricName: `${name}_sum` }
      return [...buckets, sum, { labels, value: total, metricName: `${name}_count` }]
    })
    return { name, help: this.help, type: this.type, values, aggregator: 'sum' }
  }

  reset(): void {}
}
