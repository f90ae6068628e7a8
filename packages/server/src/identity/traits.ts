import { timestamp } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import type { CredentialDefinition } from './credentials/definition.ts'
import { credentialDefinitions, emptyCredential } from './credentials/index.ts'
import { normalizeIdentifier } from './normalize.ts'
import type { Credential, Identity, RecoveryAddress, VerifiableAddress } from './record.ts'
import type { Channel, Extract } from './schemas/index.ts'
import { compiledSchema } from './schemas/registry.ts'

interface Address {
  via: Channel
  value: string
}

/**
 * Updates the identifiers and addresses derived from the traits of an identity. Addresses that remain keep their
 * status. The traits must be valid.
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
    const known = before.find((address) => address.via === via && address.value === value)
    return (
      known ?? {
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
    const known = before.find((address) => address.via === via && address.value === value)
    return known ?? { id: ctx.random.uuid(), value, via, created_at: now, updated_at: now }
  })
}

function unique(addresses: readonly Address[]): Address[] {
  const normal = addresses.map(({ via, value }) => ({ via, value: normalizeIdentifier(value) }))
  return [...new Map(normal.map((address) => [`${address.via} ${address.value}`, address])).values()]
}

/** Returns the credentials with the identifiers derived from the traits; other credentials are unchanged. */
function credentialsFor(ctx: Context, identity: Identity, extracted: Extract): Identity['credentials'] {
  const credentials = { ...identity.credentials }
  for (const definition of credentialDefinitions) {
    const { type, identifiersFrom } = definition
    if (identifiersFrom !== 'traits') continue
    const found = extracted.identifiers.filter((one) => one.type === type)
    // As in Kratos, the previous identifiers remain if the traits contain none, so that a schema without identifiers
    // does not prevent sign-in.
    if (found.length > 0) {
      credentials[type] = fromTraits(ctx, identity.document.id, { definition, before: credentials[type], found })
    }
  }
  return credentials
}

interface Marked {
  definition: CredentialDefinition
  before: Credential | undefined
  found: Extract['identifiers']
}

function fromTraits(ctx: Context, identityId: string, { definition, before, found }: Marked): Credential {
  const identifiers = [...new Set(found.map(({ value }) => normalizeIdentifier(value)))]
  const credential = before ?? emptyCredential(ctx, definition.type, identityId)
  const config =
    definition.configFromTraits?.(unique(found.map(({ via = 'email', value }) => ({ via, value })))) ??
    credential.config
  const same = before !== undefined && sameList(before.identifiers, identifiers)
  return { ...credential, identifiers, config, ...(!same && { updated_at: timestamp(ctx.clock.now()) }) }
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, i) => value === right[i])
}
