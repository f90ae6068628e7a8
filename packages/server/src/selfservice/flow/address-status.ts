import { changeIdentity, type Identity, type VerifiableAddress } from '../../identity/index.ts'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'

/** Sets the status of an address to `sent`, as in Kratos also if it is verified, which it remains. */
export async function markSent(
  ctx: Context,
  identityId: string,
  via: string,
  value: string,
): Promise<Identity | undefined> {
  return changeIdentity(ctx, identityId, (identity) =>
    withAddress(identity, via, value, (address) => ({ ...address, status: 'sent' })),
  )
}

/** Marks an address as verified. */
export async function markVerified(
  ctx: Context,
  identityId: string,
  via: string,
  value: string,
): Promise<Identity | undefined> {
  return changeIdentity(ctx, identityId, (identity) => verifiedIdentity(ctx, identity, via, value))
}

/** Returns the identity with a verified address. An address that was already verified keeps its `verified_at`. */
export function verifiedIdentity(ctx: Context, identity: Identity, via: string, value: string): Identity {
  const now = timestamp(ctx.clock.now())
  return withAddress(identity, via, value, (address) => {
    if (address.verified) return address.status === 'completed' ? address : { ...address, status: 'completed' }
    return { ...address, verified: true, verified_at: now, status: 'completed', updated_at: now }
  })
}

/** Whether an address is among the verifiable ones of an identity. */
export function hasAddress({ document }: Identity, via: string, value: string): boolean {
  return (document.verifiable_addresses ?? []).some((one) => one.via === via && one.value === value)
}

export function withAddress(
  identity: Identity,
  via: string,
  value: string,
  change: (address: VerifiableAddress) => VerifiableAddress,
): Identity {
  const addresses = identity.document.verifiable_addresses
  if (!addresses) return identity
  const changed = addresses.map((address) =>
    address.via === via && address.value === value ? change(address) : address,
  )
  return { ...identity, document: { ...identity.document, verifiable_addresses: changed } }
}
