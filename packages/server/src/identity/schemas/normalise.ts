import { phoneNumber } from './formats.ts'

/** An identifier as it is stored and looked up for passwords, codes and security keys: trimmed, in small letters. */
export function normaliseIdentifier(value: string): string {
  return value.trim().toLowerCase()
}

/** An address as messages are sent to it: phone numbers in E.164, e-mail addresses in small letters. */
export function normaliseAddress(value: string): string {
  const number = phoneNumber(value)
  if (number) return number
  return value.includes('@') ? normaliseIdentifier(value) : value.trim()
}
