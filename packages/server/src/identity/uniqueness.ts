import { ApiError } from '@latchkey/api'
import { definitionOf, storedIdentifier } from './credentials/index.ts'
import type { Identity } from './record.ts'
import type { Address, Index } from './store.ts'

/** Identifiers and addresses are table keys, so their number and length in bytes are limited. */
const maxCount = 200
const maxBytes = 1024

/** Returns the identifiers of an identity, and what else belongs to it alone. Throws 400 if there are too many or one is too long. */
export function identifiersOf({ credentials }: Identity): Index[] {
  const all = Object.values(credentials).flatMap(({ type, identifiers, config }) => [
    ...identifiers.map((identifier) => ({
      credential_type: type as string,
      identifier: storedIdentifier(type, identifier),
    })),
    ...(definitionOf(type)?.uniqueIn?.(config) ?? []).map(({ kind, value }) => ({
      credential_type: kind,
      identifier: value,
    })),
  ])
  const unique = [...new Map(all.map((row) => [uniquenessKey(row), row])).values()]
  return withinLimits(unique, ({ identifier }) => identifier)
}

/** Returns the addresses of an identity. Throws 400 if there are too many or one is too long. */
export function addressesOf({ document }: Identity): Address[] {
  const all = [
    ...(document.verifiable_addresses ?? []).map(({ via, value }) => ({ kind: 'verification' as const, via, value })),
    ...(document.recovery_addresses ?? []).map(({ via, value }) => ({ kind: 'recovery' as const, via, value })),
  ]
  return withinLimits(
    [...new Map(all.map((address) => [uniquenessKey(address), address])).values()],
    ({ value }) => value,
  )
}

/** Returns the key of an identifier, address, or external ID; conflicting rows have equal keys. */
export function uniquenessKey(row: object): string {
  return JSON.stringify(Object.values(row))
}

function withinLimits<T>(all: T[], text: (one: T) => string): T[] {
  if (all.length > maxCount)
    throw ApiError.badRequest({ reason: `An identity may have at most ${maxCount} identifiers and addresses.` })
  if (all.some((one) => Buffer.byteLength(text(one)) > maxBytes)) {
    throw ApiError.badRequest({ reason: `An identifier or address may have at most ${maxBytes} bytes.` })
  }
  return all
}
