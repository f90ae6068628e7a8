import { findByAddress, findIdentity, type Identity, type VerifiableAddress } from '../../identity/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Flow } from '../flow/flow.ts'
import { withPendingChange } from './change.ts'
import { findPendingChange } from './store.ts'

/** An address that a verification flow can send a message to, with the identity that has it or wants it. */
export interface Recipient {
  identity: Identity
  address: VerifiableAddress
  /** The identity does not have the address before it is verified. */
  isPending?: boolean
}

/**
 * Whom a verification flow sends a message to: the identity whose pending change waits for this flow and address, or
 * else the identity that has the address. Undefined if there is none.
 */
export async function verificationRecipient(
  ctx: Context,
  flow: Flow,
  wanted: { via: string; value: string },
): Promise<Recipient | undefined> {
  const pending = await findPendingChange(ctx, flow.id)
  const isPending = pending?.via === wanted.via && pending.value === wanted.value
  const stored = isPending
    ? await findIdentity(ctx, pending.identity_id)
    : await findByAddress(ctx, 'verification', wanted)
  const identity = stored && isPending ? withPendingChange(ctx, stored, pending) : stored
  const address = identity?.document.verifiable_addresses?.find(
    ({ via, value }) => via === wanted.via && value === wanted.value,
  )
  return identity && address && { identity, address, isPending }
}
