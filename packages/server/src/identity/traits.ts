import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { normalizeIdentifier } from './normalize.ts'
import type { Credential, CredentialType, Identity, RecoveryAddress, VerifiableAddress } from './record.ts'
import type { Extract } from './schemas/index.ts'
import { compiledSchema } from './schemas/registry.ts'

/** How each kind of address is compared and stored. */
function addressValue(via: string, value: string): string {
  return via === 'email' ? normalizeIdentifier(value) : value.trim()
}

/**
 * Brings what follows from an identity's traits up to date: identifiers of its credentials, addresses.
 * Addresses that stay keep their state. The traits must be valid against the schema.
 */
export function deriveFromTraits(ctx: Context, identity: Identity): Identity {
  const extracted = compiledSchema(ctx, identity.document.schema_id).extract(identity.document.traits)
  const { document } = identity
  const verifiable = verifiableAddresses(ctx, document.verifiable_addresses ?? [], extracted)
  const recovery = recoveryAddresses(ctx, document.recovery_addresses ?? [], extracted)
  const { verifiable_addresses: _v, recovery_addresses: _r, ...rest } = document
  return {
    ...identity,
    document: {
      ...rest,
      ...(verifiable.length > 0 && { verifiable_addresses: verifiable }),
      ...(recovery.length > 0 && { recovery_addresses: recovery }),
    },
    credentials: credentialsFor(ctx, identity, extracted),
  }
}

function verifiableAddresses(
  ctx: Context,
  before: readonly VerifiableAddress[],
  { verification }: Extract,
): VerifiableAddress[] {
  const now = timestamp(ctx.clock.now())
  return unique(verification).map(({ via, value }) => {
    const kept = before.find((address) => address.via === via && address.value === value)
    return (
      kept ?? {
        id: ctx.random.uuid(),
        value,
        verified: false,
        via,
        status: 'pending',
        created_at: now,
        updated_at: now,
      }
    )
  })
}

function recoveryAddresses(ctx: Context, before: readonly RecoveryAddress[], { recovery }: Extract): RecoveryAddress[] {
  const now = timestamp(ctx.clock.now())
  return unique(recovery).map(({ via, value }) => {
    const kept = before.find((address) => address.via === via && address.value === value)
    return kept ?? { id: ctx.random.uuid(), value, via, created_at: now, updated_at: now }
  })
}

function unique(addresses: readonly { via: string; value: string }[]): { via: string; value: string }[] {
  const normal = addresses.map(({ via, value }) => ({ via, value: addressValue(via, value) }))
  return [...new Map(normal.map((address) => [`${address.via} ${address.value}`, address])).values()]
}

/** The credential types whose identifiers are traits. */
const fromTraits = ['password', 'code', 'webauthn'] as const satisfies readonly CredentialType[]

function credentialsFor(ctx: Context, identity: Identity, extracted: Extract): Identity['credentials'] {
  const now = timestamp(ctx.clock.now())
  const credentials = { ...identity.credentials }
  for (const type of fromTraits) {
    const found = extracted.identifiers.filter((one) => one.type === type)
    const identifiers = [...new Set(found.map(({ value }) => normalizeIdentifier(value)))]
    const before = credentials[type]
    // As with Kratos, traits that name none leave the ones that were there: a schema without them takes no sign-in away.
    if (identifiers.length === 0) continue
    const config = type === 'code' ? codeConfig(found) : (before?.config ?? emptyConfig(type, identity.document.id))
    const changed = !before || !sameList(before.identifiers, identifiers)
    credentials[type] = {
      ...(before ?? emptyCredential(type, now)),
      identifiers,
      config,
      ...(changed && { updated_at: now }),
    }
  }
  return credentials
}

function codeConfig(found: Extract['identifiers']) {
  const addresses = unique(found.map(({ via, value }) => ({ via: via ?? 'email', value })))
  return { addresses: addresses.map(({ via, value }) => ({ channel: via, address: value })) }
}

/** A security key is told by its user handle whose it is: the bytes of the identity's id (WebAuthn, section 14.6.1). */
function emptyConfig(type: CredentialType, identityId: string) {
  return type === 'webauthn'
    ? { user_handle: Buffer.from(identityId.replaceAll('-', ''), 'hex').toString('base64') }
    : {}
}

function emptyCredential(type: CredentialType, now: string): Credential {
  return { type, identifiers: [], config: {}, version: type === 'password' ? 0 : 1, created_at: now, updated_at: now }
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, i) => value === right[i])
}
