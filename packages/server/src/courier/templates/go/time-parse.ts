import { GoTime } from './time.ts'

/** The elements of layouts that are read, by what they are in a date. */
const elements: readonly (readonly [string, string])[] = [
  ['2006', '(?<year>\\d{4})'],
  ['January', '(?<name>[A-Za-z]{3,9})'],
  ['Jan', '(?<name>[A-Za-z]{3})'],
  ['Monday', '(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day'],
  ['Mon', '(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)'],
  ['01', '(?<month>\\d{2})'],
  ['02', '(?<day>\\d{2})'],
  ['15', '(?<hour>\\d{2})'],
  ['04', '(?<minute>\\d{2})'],
  ['05', '(?<second>\\d{2}(?:\\.\\d{1,9})?)'],
  ['Z07:00', '(?<zone>Z|[+-]\\d{2}:\\d{2})'],
  ['-07:00', '(?<zone>[+-]\\d{2}:\\d{2})'],
  ['-0700', '(?<zone>[+-]\\d{4})'],
  ['MST', '(?<abbreviation>[A-Z]{3,4})'],
  ['1', '(?<month>\\d{1,2})'],
  ['2', '(?<day>\\d{1,2})'],
]
const names = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Reads a date by a layout; Go's zero time if it does not have it. */
export function parseTime(layout: string, text: string): GoTime {
  const found = patternOf(layout)?.exec(text)?.groups
  if (!found) return new GoTime(-62_135_596_800_000)
  const { year = '0', month, name, day = '1', hour = '0', minute = '0', second = '0', zone = 'Z' } = found
  const monthIndex = name ? names.indexOf(name.slice(0, 3).toLowerCase()) : Number(month ?? 1) - 1
  const local = Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute)) + Number(second) * 1000
  if (zone === 'Z') return new GoTime(local)
  const fixed = zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(fixed) ?? []
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return new GoTime(local - offset * 60_000, fixed)
}

function patternOf(layout: string): RegExp | undefined {
  if (layout.length > 100) return undefined
  let pattern = ''
  for (let at = 0; at < layout.length; ) {
    const [element, read] = elements.find(([one]) => layout.startsWith(one, at)) ?? [layout[at] as string, undefined]
    pattern += read ?? element.replace(/[^\w\s]/g, '\\$&')
    at += element.length
  }
  try {
    return new RegExp(`^${pattern}$`)
  } catch {
    return undefined
  }
}
