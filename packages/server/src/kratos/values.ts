/** A time as Kratos's databases write it; without an offset it is UTC. */
const written = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?/

/** The time in the format of RFC 3339 with all its decimals, as the API of Kratos shows it. */
export function rfcTime(text: string): string {
  const [, day, clock, decimals = '', zone = 'Z'] = written.exec(text) ?? []
  if (!day || !clock) throw new RangeError(`${text} is no time`)
  const fraction = decimals.replace(/\.?0+$/, '')
  const offset = /^(Z|UTC|[+-]00(:?00)?)$/.test(zone) ? 'Z' : zone
  if (offset === 'Z') return `${day}T${clock}${fraction}Z`
  return new Date(
    `${day}T${clock}${fraction}${offset.replace(/^([+-]\d\d):?(\d\d)?$/, (_, h, m = '00') => `${h}:${m}`)}`,
  )
    .toISOString()
    .replace(/\.000Z$/, 'Z')
}

/** Milliseconds since the Unix epoch. */
export function timeMs(text: string): number {
  return Date.parse(rfcTime(text))
}

/** A truth value of PostgreSQL or SQLite. */
export function isTrue(text: string): boolean {
  return text === 'true' || text === 't' || text === '1'
}

/** The value of a JSON column; undefined for NULL. */
export function jsonOf(text: string | null): unknown {
  return text === null || text === '' ? undefined : JSON.parse(text)
}
