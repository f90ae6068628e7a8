import { formatTime, GoDuration, GoTime } from './time.ts'
import { parseTime } from './time-parse.ts'
import { knownZone } from './time-zone.ts'
import { integerOf, textOf, type Value } from './values.ts'

/** sprig's functions for dates, at a time; without a time zone dates are in UTC. */
export function dateFunctions(now: number) {
  const timeOf = (value: Value) => {
    if (value instanceof GoTime) return value
    const isSeconds = typeof value === 'bigint' || typeof value === 'number'
    return new GoTime(isSeconds ? Number(value) * 1000 : now)
  }
  const inZone = (layout: Value, value: Value, zone: Value) =>
    formatTime(new GoTime(timeOf(value).ms, knownZone(textOf(zone))), textOf(layout))
  const modify = (by: Value, value: Value) => new GoTime(timeOf(value).ms + durationMs(textOf(by)), timeOf(value).zone)
  return {
    now: () => new GoTime(now),
    date: (layout: Value, value: Value) => formatTime(timeOf(value), textOf(layout)),
    dateInZone: inZone,
    date_in_zone: inZone,
    dateModify: modify,
    date_modify: modify,
    mustDateModify: modify,
    must_date_modify: modify,
    htmlDate: (value: Value) => formatTime(timeOf(value), '2006-01-02'),
    htmlDateInZone: (value: Value, zone: Value) => inZone('2006-01-02', value, zone),
    toDate: (layout: Value, text: Value) => parseTime(textOf(layout), textOf(text)),
    mustToDate: (layout: Value, text: Value) => parseTime(textOf(layout), textOf(text)),
    unixEpoch: (value: Value) => String(Math.floor(timeOf(value).ms / 1000)),
    ago: (value: Value) => new GoDuration(Math.round((now - timeOf(value).ms) / 1000) * 1000),
    duration: (seconds: Value) => String(new GoDuration(Number(integerOf(seconds)) * 1000)),
    durationRound: (value: Value) =>
      durationRounded(value instanceof GoDuration ? value.ms : durationMs(textOf(value))),
  }
}

const unitMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, ns: 1e-6 }

/** A duration such as `-1.5h` or `1h30m`; zero if it is none. */
function durationMs(text: string): number {
  const [, sign = '', units = ''] = /^([+-]?)((?:\d+(?:\.\d+)?(?:h|ms|m|s|us|ns)){1,20})$/.exec(text) ?? []
  const all = [...units.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)]
  const ms = all.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0), 0)
  return sign === '-' ? -ms : ms
}

function durationRounded(ms: number): string {
  const units: [string, number][] = [
    ['y', 365 * 86_400_000],
    ['mo', 30 * 86_400_000],
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ]
  const [name, size] = units.find(([, unit]) => Math.abs(ms) > unit) ?? ['s', 0]
  return size === 0 ? '0s' : `${Math.floor(Math.abs(ms) / size)}${name}`
}
