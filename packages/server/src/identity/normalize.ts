import { ApiError } from '@latchkey/api'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** The maximum length of an identifier or address, in UTF-16 code units; an email address has at most 254 bytes. */
export const maxIdentifierLength = 320

/** Characters without visible shape, which would allow identifiers that look the same. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2800\uFFFC\u{1D159}]/gu

/** Letters that differ in case only from a letter to which `toLowerCase` does not map them, such as the final sigma. */
const unfolded = /\u0345|[\u03C2\u1C80-\u1C88]/g

/**
 * The one form in which identifiers and addresses are stored and compared: NFKC, case-folded, without invisible
 * characters and surrounding spaces; phone numbers in E.164. Throws 400 for a text that is too long.
 */
export function normalizeIdentifier(value: string): string {
  if (value.length > maxIdentifierLength)
    throw ApiError.badRequest({ reason: `An identifier may have at most ${maxIdentifierLength} characters.` })
  const folded = value
    .normalize('NFKC')
    .replace(invisible, '')
    .toLowerCase()
    .replace(unfolded, (letter) => letter.toUpperCase().toLowerCase())
    .normalize('NFKC')
    .trim()
  return asPhoneNumber(folded) ?? folded
}

/** Returns the number in E.164 format; undefined if it is not a valid international number. */
export function phoneNumber(value: string): string | undefined {
  return value.length > maxIdentifierLength ? undefined : asPhoneNumber(normalizeIdentifier(value))
}

/** Numbers with an extension are refused, because no message can be sent to one. */
function asPhoneNumber(text: string): string | undefined {
  if (text.length > 64 || !/^(tel:)?\s*\+/.test(text)) return undefined
  const number = parsePhoneNumberFromString(text)
  return number?.isValid() && number.ext === undefined ? number.number : undefined
}

const local = /^[^\s\p{Cc}()<>[\]:;@\\,."]+(\.[^\s\p{Cc}()<>[\]:;@\\,."]+)*$/u
const label = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/

/**
 * Whether messages can be sent to the address: a dot-atom before the last `@` and a host name after it, with the lengths
 * of RFC 5321. The normalized address is sent to, so it must be valid as well.
 */
export function isEmail(value: string): boolean {
  return value.length <= maxIdentifierLength && isMailbox(value) && isMailbox(normalizeIdentifier(value))
}

function isMailbox(value: string): boolean {
  const at = value.lastIndexOf('@')
  const name = value.slice(0, at)
  if (at < 1 || Buffer.byteLength(value) > 254 || Buffer.byteLength(name) > 64) return false
  return local.test(name) && isHostname(value.slice(at + 1))
}

/** Whether a text is a host name of RFC 1123, without a dot at the end. */
export function isHostname(name: string): boolean {
  return name.length <= 253 && name.split('.').every((part) => label.test(part))
}

/** Whether messages can be sent to the value by this channel. */
export function isAddress(via: string, value: string): boolean {
  return via === 'sms' ? phoneNumber(value) !== undefined : isEmail(value)
}

/** The channel of a normalized address. */
export function channelOf(address: string): 'email' | 'sms' {
  return address.startsWith('+') && !address.includes('@') ? 'sms' : 'email'
}
