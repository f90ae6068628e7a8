import { ApiError } from '@latchkey/api'
import { normalizeIdentifier } from './normalize.ts'
import type { CredentialType, Identity } from './record.ts'
import type { Address, Index } from './store.ts'

/** How many identifiers and addresses an identity may have, and how long, in bytes, each may be: they are keys of tables. */
const most = 200
const longestBytes = 1024

/** The identifiers by which an identity is found. Throws 400 where there are too many or too long ones. */
export function identifiersOf({ credentials }: Identity): Index[] {
  const all = Object.values(credentials).flatMap(({ type, identifiers }) =>
    [...new Set(identifiers.map((identifier) => stored(type, identifier)))].map((identifier) => ({
      credential_type: type,
      identifier,
    })),
  )
  return withinLimits(all, ({ identifier }) => identifier)
}

/** Subjects of social sign-in are compared as they are; what people type is normalised. */
function stored(type: CredentialType, identifier: string): string {
  return type === 'oidc' || type === 'saml' ? identifier : normalizeIdentifier(identifier)
}

/** The addresses by which an identity is found. Throws 400 where there are too many or too long ones. */
export function addressesOf({ document }: Identity): Address[] {
  const all = [
    ...(document.verifiable_addresses ?? []).map(({ via, value }) => ({ kind: 'verification' as const, via, value })),
    ...(document.recovery_addresses ?? []).map(({ via, value }) => ({ kind: 'recovery' as const, via, value })),
  ]
  return withinLimits([...new Map(all.map((address) => [claimKey(address), address])).values()], ({ value }) => value)
}

/** A text that two equal claims have in common. */
export function claimKey(claim: object): string {
  return JSON.stringify(Object.values(claim))
}

function withinLimits<T>(all: T[], text: (one: T) => string): T[] {
  if (all.length > most)
    throw ApiError.badRequest({ reason: `An identity may have at most ${most} identifiers and addresses.` })
  if (all.some((one) => Buffer.byteLength(text(one)) > longestBytes)) {
    throw ApiError.badRequest({ reason: `An identifier or address may have at most ${longestBytes} bytes.` })
  }
  return all
}
