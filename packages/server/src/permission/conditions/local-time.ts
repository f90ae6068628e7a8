import { LRUCache } from 'lru-cache'
import { spend } from './meter.ts'

const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 })
/** The additional cost of a conversion to a named time zone. */
const cost = 50

/**
 * A date whose UTC fields are the local time in a zone: `UTC`, an offset such as `+02:00` or `-05:30`, or a name such
 * as `Europe/Berlin`.
 * @throws Error for an unknown zone
 */
export function localTime(milliseconds: number, zone: string): Date {
  const [, sign, hours, minutes] = /^([+-]?)(\d\d):(\d\d)$/.exec(zone) ?? []
  if (hours !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
    return new Date(milliseconds + (sign === '-' ? -offset : offset))
  }
  spend(cost)
  const fields = Object.fromEntries(
    formatFor(zone)
      .formatToParts(milliseconds)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Partial<Record<Intl.DateTimeFormatPartTypes, number>>
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields
  const within = ((milliseconds % 1000) + 1000) % 1000
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, within))
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const number = 'numeric'
  const fields = { year: number, month: number, day: number, hour: number, minute: number, second: number } as const
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', calendar: 'gregory', ...fields })
  formats.set(zone, made)
  return made
}
