import { isIPv4, isIPv6 } from 'node:net'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** The validated formats of identity schemas; other formats are not validated. */
export const formats: Record<string, (value: string) => boolean> = {
  email: isEmail,
  tel: (value) => phoneNumber(value) !== undefined,
  'date-time': isDateTime,
  date: isDate,
  time: isTime,
  hostname: isHostname,
  'ip-address': isIPv4,
  ipv4: isIPv4,
  ipv6: isIPv6,
  uri: isUri,
  iri: isUri,
  'uri-reference': isUriReference,
  uriref: isUriReference,
  'iri-reference': isUriReference,
  'uri-template': isUriReference,
  regex: isRegex,
  'json-pointer': (value) => /^(\/([^~/]|~[01])*)*$/.test(value),
  'relative-json-pointer': (value) => /^(0|[1-9]\d*)(#|(\/([^~/]|~[01])*)*)$/.test(value),
  'no-validate': () => true,
}

const quoted = /^"([\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/
const dotted = /^[^\s\p{Cc}()<>[\]:;@\\,."]+(\.[^\s\p{Cc}()<>[\]:;@\\,."]+)*$/u

/** Validates the lengths of RFC 5321, the host name after the last `@`, and the dot-atom or quoted local part. */
export function isEmail(value: string): boolean {
  const at = value.lastIndexOf('@')
  const local = value.slice(0, at)
  if (at < 1 || Buffer.byteLength(value) > 254 || Buffer.byteLength(local) > 64) return false
  return isHostname(value.slice(at + 1)) && (dotted.test(local) || quoted.test(local))
}

/** Returns the number in E.164 format; undefined if it is not a valid international number. */
export function phoneNumber(value: string): string | undefined {
  if (value.length > 64) return undefined
  const number = parsePhoneNumberFromString(value)
  return number?.isValid() ? number.number : undefined
}

function isHostname(value: string): boolean {
  const name = value.endsWith('.') ? value.slice(0, -1) : value
  return (
    name.length <= 253 && name.split('.').every((label) => /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(label))
  )
}

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

function isRegex(value: string): boolean {
  try {
    return new RegExp(value) !== undefined
  } catch {
    return false
  }
}
