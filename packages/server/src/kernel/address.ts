import { ApiError } from '@latchkey/api'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { comparableText, visibleText } from './characters.ts'

/** How messages are sent to an address. */
export type Channel = 'email' | 'sms'

export interface Address {
  via: Channel
  value: string
}

/** The maximum length of an identifier or address, in UTF-16 code units; an email address has at most 254 bytes. */
export const maxIdentifierLength = 320

/**
 * The form in which identifiers are stored and compared: phone numbers in E.164, other texts in lower case. Throws 400
 * for a text that is too long.
 */
export function normalizeIdentifier(value: string): string {
  requireIdentifierLength(value)
  return phoneNumber(value) ?? comparableText(value)
}

/**
 * The form in which an address is stored, compared and sent to: an email address in lower case, a phone number in E.164.
 * Other numbers (format `no-validate`) stay as they are. Throws 400 for a text that is too long.
 */
export function normalizeAddress(via: string, value: string): string {
  requireIdentifierLength(value)
  if (via === 'email') return comparableText(value)
  return phoneNumber(value) ?? visibleText(value)
}

function requireIdentifierLength({ length }: string): void {
  if (length <= maxIdentifierLength) return
  throw ApiError.badRequest({ reason: `An identifier may have at most ${maxIdentifierLength} characters.` })
}

/** The address that somebody typed; undefined if it is neither an email address nor a phone number. */
export function readAddress(typed: string): Address | undefined {
  if (isEmail(typed)) return { via: 'email', value: normalizeAddress('email', typed) }
  const value = phoneNumber(typed)
  return value === undefined ? undefined : { via: 'sms', value }
}

const dotAtom = /^[^\s\p{Cc}()<>[\]:;@\\,."]+(\.[^\s\p{Cc}()<>[\]:;@\\,."]+)*$/u

/**
 * Whether mail can be sent to an address: a dot-atom and a host name within the lengths of RFC 5321, as typed and as
 * stored. Quoted local parts are refused, because few mail servers deliver to them.
 */
export function isEmail(value: string): boolean {
  return value.length <= maxIdentifierLength && isMailbox(value) && isMailbox(comparableText(value))
}

function isMailbox(value: string): boolean {
  const at = value.lastIndexOf('@')
  const local = value.slice(0, at)
  if (at < 1 || Buffer.byteLength(value) > 254 || Buffer.byteLength(local) > 64) return false
  return isHostName(value.slice(at + 1)) && dotAtom.test(local)
}

/** Whether a text is a host name (RFC 1123) without a dot at its end. */
export function isHostName(name: string): boolean {
  return (
    name.length <= 253 && name.split('.').every((label) => /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(label))
  )
}

/**
 * The number in E.164 format, without an extension; undefined if the text is not one valid international number. A
 * number within other text is none.
 */
export function phoneNumber(value: string): string | undefined {
  if (value.length > maxPhoneLength) return undefined
  const text = visibleText(value).replace(/^tel:\s*/i, '')
  // An identifier is rarely a phone number, so the others do without the parser.
  if (!/^\(?\+/.test(text)) return undefined
  const number = parsePhoneNumberFromString(text.replace(/^\((\+\d+)\)/, '$1'), { extract: false })
  return number?.isValid() ? number.number : undefined
}

const maxPhoneLength = 64

/** The start of an identifier as it is stored: of a phone number without its separators. */
export function normalizeIdentifierPrefix(value: string): string {
  const whole = normalizeIdentifier(value)
  return /^\+[\d\s().\-\u2010-\u2015/]+$/.test(whole) ? whole.replace(/[^+\d]/g, '') : whole
}

/** Whether messages can be sent to a stored address, and to it alone. */
export function isDeliverable({ via, value }: { via: string; value: string }): boolean {
  return via === 'email' ? isEmail(value) : dialable.test(value)
}

/** A number that can be dialed, which is not always an international one: short codes, extensions of a company. */
const dialable = /^\+?[\d ()./-]{3,32}$/
