import { offsetMinutes } from './time-zone.ts'

const months = 'January February March April May June July August September October November December'.split(' ')
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** A time in a time zone, as Go's `time.Time`; to the millisecond. */
export class GoTime {
  readonly ms: number
  readonly zone: string

  constructor(ms: number, zone = 'UTC') {
    this.ms = ms
    this.zone = zone
  }

  toString(): string {
    return formatTime(this, '2006-01-02 15:04:05.999999999 -0700 MST')
  }

  toJSON(): string {
    return formatTime(this, '2006-01-02T15:04:05.999999999Z07:00')
  }
}

/** A duration, as Go's `time.Duration`. */
export class GoDuration {
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  toString(): string {
    const all = Math.abs(this.ms) / 1000
    if (all === 0) return '0s'
    const sign = this.ms < 0 ? '-' : ''
    if (all < 1) return `${sign}${Math.abs(this.ms)}ms`
    const [hours, minutes] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60)]
    const seconds = Number((all % 60).toFixed(9))
    return `${sign}${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${seconds}s`
  }
}

/** The elements of a layout, longest first where one begins like another. */
const elements =
  /January|Jan|Monday|Mon|MST|2006|-07:00|-0700|-07|Z07:00|Z0700|Z07|__2|002|01|02|03|04|05|06|15|PM|pm|_2|[.,]0+(?!\d)|[.,]9+(?!\d)|[1-5]/g

/** Formats a time by a layout, which shows how 2006-01-02 15:04:05 -0700 would be written. */
export function formatTime({ ms, zone }: GoTime, layout: string): string {
  const offset = offsetMinutes(ms, zone)
  const local = new Date(ms + offset * 60_000)
  return layout.replace(elements, (element) => formatElement(element, { local, offset, zone }))
}

interface Local {
  readonly local: Date
  readonly offset: number
  readonly zone: string
}

function formatElement(element: string, { local, offset, zone }: Local): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const hour = local.getUTCHours() % 12 || 12
  const day = local.getUTCDate()
  const dayOfYear = Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
  const plain: Record<string, () => string> = {
    January: () => months[local.getUTCMonth()] as string,
    Jan: () => (months[local.getUTCMonth()] as string).slice(0, 3),
    Monday: () => days[local.getUTCDay()] as string,
    Mon: () => (days[local.getUTCDay()] as string).slice(0, 3),
    MST: () => abbreviation(zone, offset),
    2006: () => String(local.getUTCFullYear()).padStart(4, '0'),
    '06': () => two(local.getUTCFullYear() % 100),
    '01': () => two(local.getUTCMonth() + 1),
    1: () => String(local.getUTCMonth() + 1),
    '02': () => two(day),
    _2: () => String(day).padStart(2, ' '),
    2: () => String(day),
    '002': () => String(dayOfYear).padStart(3, '0'),
    __2: () => String(dayOfYear).padStart(3, ' '),
    15: () => two(local.getUTCHours()),
    '03': () => two(hour),
    3: () => String(hour),
    '04': () => two(local.getUTCMinutes()),
    4: () => String(local.getUTCMinutes()),
    '05': () => two(local.getUTCSeconds()),
    5: () => String(local.getUTCSeconds()),
    PM: () => (local.getUTCHours() < 12 ? 'AM' : 'PM'),
    pm: () => (local.getUTCHours() < 12 ? 'am' : 'pm'),
  }
  const format = plain[element]
  if (format) return format()
  if (/^[.,]/.test(element)) return fraction(element, local.getUTCMilliseconds())
  if (element.startsWith('Z') && offset === 0) return 'Z'
  return formatOffset(element, offset)
}

/** `.000` has so many digits, `.999` at most so many. */
function fraction(element: string, ms: number): string {
  const digits = String(ms)
    .padStart(3, '0')
    .padEnd(element.length - 1, '0')
    .slice(0, element.length - 1)
  if (element[1] === '0') return `${element[0]}${digits}`
  const shortened = digits.replace(/0+$/, '')
  return shortened && `${element[0]}${shortened}`
}

function formatOffset(element: string, offset: number): string {
  const sign = offset < 0 ? '-' : '+'
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0')
  if (element.endsWith(':00')) return `${sign}${hours}:${minutes}`
  return element.endsWith('0700') ? `${sign}${hours}${minutes}` : `${sign}${hours}`
}

function abbreviation(zone: string, offset: number): string {
  return zone === 'UTC' ? 'UTC' : formatOffset(offset % 60 ? '-0700' : '-07', offset)
}
