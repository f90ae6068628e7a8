import { changeIdentity, type Identity, type VerifiableAddress } from '../../identity/index.ts'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'

/** Notes that a message was sent to an address. */
export async function markSent(
  ctx: Context,
  identityId: string,
  via: string,
  value: string,
): Promise<Identity | undefined> {
  return changeIdentity(ctx, identityId, (identity) =>
    withAddress(identity, via, value, (address) => (address.verified ? address : { ...address, status: 'sent' })),
  )
}

/** Notes that an address has been proven. */
export async function markVerified(
  ctx: Context,
  identityId: string,
  via: string,
  value: string,
): Promise<Identity | undefined> {
  return changeIdentity(ctx, identityId, (identity) => verifiedIdentity(ctx, identity, via, value))
}

/** The same identity with an address proven; one that was proven before keeps its time. */
export function verifiedIdentity(ctx: Context, identity: Identity, via: string, value: string): Identity {
  const now = timestamp(ctx.clock.now())
  return withAddress(identity, via, value, (address) => {
    if (address.verified) return address.status === 'completed' ? address : { ...address, status: 'completed' }
    return { ...address, verified: true, verified_at: now, status: 'completed', updated_at: now }
  })
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
