import { queueMessage } from '../../../courier/index.ts'
import { type Identity, publicView, type VerifiableAddress } from '../../../identity/index.ts'
import { isDeliverable } from '../../../kernel/address.ts'
import { timestamp } from '../../../kernel/clock.ts'
import { transientPayload } from '../../flow/body.ts'
import { messageOptions } from '../../flow/message.ts'
import type { HooksAfter } from '../../hooks/index.ts'
import { mayBeSent } from '../../limits/index.ts'
import type { SubmissionContext } from '../../method.ts'

interface Change {
  before: Identity
  after: Identity
}

/**
 * Tells previous addresses of an identity that its addresses were changed, if the hook `notify_previous_addresses` is
 * configured: the removed ones, all verified ones, or all. The messages are queued in the transaction of the change.
 * Only messages to addresses that were never verified are limited, because an attacker must not be able to use up the
 * limit before the owner is told.
 */
export async function notifyPreviousAddresses(
  { ctx, request, flow, body }: SubmissionContext,
  hooks: HooksAfter,
  { before, after }: Change,
): Promise<void> {
  const hook = hooks.find('notify_previous_addresses')
  if (!hook) return
  const payload = flow.transientPayload ?? transientPayload(body)
  const identityId = after.document.id
  for (const { via, value, verified } of recipients(hook.config?.recipients ?? 'removed', { before, after })) {
    if (!verified && !(await mayBeSent(ctx, request, { via, address: value, identityId }))) continue
    const data = {
      to: value,
      identity: publicView(ctx, after),
      changed_at: timestamp(ctx.clock.now()),
      ...(Object.keys(payload).length > 0 && { transient_payload: payload }),
    }
    await queueMessage(ctx, 'verifiable_address_changed', data, messageOptions(flow, via))
  }
}

/** None if the addresses are the same; a change of their status alone does not count. */
function recipients(mode: 'removed' | 'all_verified' | 'all', { before, after }: Change): VerifiableAddress[] {
  const [old, now] = [addressesOf(before), addressesOf(after)]
  const isIn = (list: readonly VerifiableAddress[]) => (one: VerifiableAddress) =>
    list.some(({ via, value }) => via === one.via && value === one.value)
  if (old.length === now.length && now.every(isIn(old))) return []
  const isStill = isIn(now)
  const wanted = {
    removed: (one: VerifiableAddress) => !isStill(one),
    all_verified: ({ verified }: VerifiableAddress) => verified,
    all: () => true,
  }[mode]
  return old.filter((one) => wanted(one) && isDeliverable(one))
}

function addressesOf({ document }: Identity): readonly VerifiableAddress[] {
  return document.verifiable_addresses ?? []
}
