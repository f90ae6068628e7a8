import type { Observer } from '../http/index.ts'

/** Upper bounds in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface Series {
  readonly labels: { method: string; endpoint: string; code: string }
  /** How many fell below each bound and not below the one before; the last is for what was slower still. */
  readonly counts: number[]
  seconds: number
}

/** Anyone may send a method of any name, so others are counted as one. */
const methods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])

/**
 * Durations of HTTP requests by method, route and class of status. Counted in plain arrays, since this is done for
 * every request and a metrics library takes longer for it than for anything else here.
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

/** A histogram in the form that a prom-client registry reads. */
class HistogramMetric {
  readonly name = name
  readonly help = 'Time from the arrival of a request to its answer, in seconds.'
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
