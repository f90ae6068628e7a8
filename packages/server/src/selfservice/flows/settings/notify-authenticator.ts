import { queueMessage } from '../../../courier/index.ts'
import { addedAuthenticators, type Identity, publicView, type VerifiableAddress } from '../../../identity/index.ts'
import { isDeliverable } from '../../../kernel/address.ts'
import { timestamp } from '../../../kernel/clock.ts'
import { transientPayload } from '../../flow/body.ts'
import { messageOptions } from '../../flow/message.ts'
import type { HooksAfter } from '../../hooks/index.ts'
import { mayBeSent } from '../../limits/index.ts'
import type { SubmissionContext } from '../../method.ts'

/**
 * Tells the person that an authenticator was added to their account (NIST SP 800-63B-4, section 4.1.2), if the hook
 * `notify_authenticator_added` is configured. The message goes to every verified address, or to every address where
 * none is verified, and is queued in the transaction of the change. Messages to verified addresses are not limited,
 * because an attacker must not be able to use up the limit first.
 */
export async function notifyAuthenticatorAdded(
  { ctx, request, flow, body }: SubmissionContext,
  hooks: HooksAfter,
  { before, after }: { before: Identity; after: Identity },
): Promise<void> {
  if (!hooks.find('notify_authenticator_added')) return
  const added = addedAuthenticators(before, after)
  if (added.length === 0) return
  const payload = flow.transientPayload ?? transientPayload(body)
  for (const { via, value, verified } of recipients(after)) {
    const recipient = { via, address: value, identityId: after.document.id }
    if (!verified && !(await mayBeSent(ctx, request, recipient))) continue
    for (const authenticator of added) {
      const data = {
        ...{ to: value, identity: publicView(ctx, after), authenticator, added_at: timestamp(ctx.clock.now()) },
        ...(Object.keys(payload).length > 0 && { transient_payload: payload }),
      }
      await queueMessage(ctx, 'authenticator_key_added', data, messageOptions(flow, via))
    }
  }
}

function recipients({ document }: Identity): VerifiableAddress[] {
  const addresses = (document.verifiable_addresses ?? []).filter(isDeliverable)
  const verified = addresses.filter((one) => one.verified)
  return verified.length > 0 ? verified : addresses
}
