import { isIPv4, isIPv6 } from 'node:net'
import { isEmail, isHostName, phoneNumber } from '../../kernel/address.ts'
import { patternFault } from '../../kernel/pattern.ts'

type Check = (value: string) => boolean

const checks: Record<string, Check> = {
  email: isEmail,
  tel: (value) => phoneNumber(value) !== undefined,
  'date-time': isDateTime,
  date: isDate,
  time: isTime,
  hostname: (value) => isHostName(value.endsWith('.') ? value.slice(0, -1) : value),
  'ip-address': isIPv4,
  ipv4: isIPv4,
  ipv6: isIPv6,
  uri: isUri,
  iri: isUri,
  'uri-reference': isUriReference,
  uriref: isUriReference,
  'iri-reference': isUriReference,
  'uri-template': isUriReference,
  regex: (value) => patternFault(value) === undefined,
  'json-pointer': (value) => /^(\/([^~/]|~[01])*)*$/.test(value),
  'relative-json-pointer': (value) => /^(0|[1-9]\d*)(#|(\/([^~/]|~[01])*)*)$/.test(value),
}

/** The validated formats of identity schemas; other formats are not validated. */
export const formats: Record<string, Check> = {
  ...Object.fromEntries(
    Object.entries(checks).map(([name, check]) => [name, (value: string) => value.length <= maxLength && check(value)]),
  ),
  'no-validate': () => true,
}

/** The maximum length of a text with a format: the longest address that browsers and servers take. */
const maxLength = 8192

function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? []
  if (!year || !month || !day) return false
  const date = new Date(`${value}T00:00:00Z`)
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day)
}

function isTime(value: string): boolean {
  const match = /^(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-](\d\d):(\d\d))$/.exec(value)
  if (!match) return false
  const [, hours, minutes, seconds, , , offsetHours = '0', offsetMinutes = '0'] = match
  const within = (text: string | undefined, limit: number) => Number(text) < limit
  return (
    within(hours, 24) &&
    within(minutes, 60) &&
    within(seconds, 60) &&
    within(offsetHours, 24) &&
    within(offsetMinutes, 60)
  )
}

/** RFC 3339, section 5.6, with an uppercase T. */
function isDateTime(value: string): boolean {
  const at = value.indexOf('T')
  return at > 0 && isDate(value.slice(0, at)) && isTime(value.slice(at + 1))
}

function isUri(value: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(value) && isUriReference(value)
}

function isUriReference(value: string): boolean {
  return URL.canParse(value, 'http://base.invalid/') && !/[\s\p{Cc}]/u.test(value)
}
