import { LRUCache } from 'lru-cache'

const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: 50 })

/** The offset of a time zone from UTC at a time, in minutes. A zone that does not exist is UTC, as in sprig. */
export function offsetMinutes(ms: number, zone: string): number {
  if (zone === 'UTC' || zone === 'Local' || zone === '') return 0
  const fixed = /^([+-])(\d\d):(\d\d)$/.exec(zone)
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3]))
  const format = formatOf(zone)
  if (!format) return 0
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000) / 60_000)
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone)
  if (known) return known
  try {
    const numeric = 'numeric' as const
    const format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', year: numeric, month: numeric, day: numeric },
      ...{ hour: numeric, minute: numeric, second: numeric },
    })
    formats.set(zone, format)
    return format
  } catch {
    return undefined
  }
}

/** The name of a time zone if it exists. */
export function knownZone(zone: string): string {
  return formatOf(zone) ? zone : 'UTC'
}
