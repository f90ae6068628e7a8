import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { type Counted, counterKey, countRequest, networkCounters } from '../../limit/index.ts'
import type { SubmissionContext } from '../method.ts'
import { limitExceeded } from './exceeded.ts'
import { noteLimit } from './note.ts'

/** Whom a message is sent to; without an identity where the address belongs to none. */
export interface Recipient {
  via: string
  address: string
  identityId?: string
}

/**
 * Counts a message that a submission asks for, whether the address is known or not. Throws 429, or FlowError for
 * browsers, if there were too many to the recipient, for the account, or from the network. A browser in which the
 * identity has signed in before has a counter of its own.
 */
export async function limitMessages(submission: SubmissionContext, recipient: Recipient): Promise<void> {
  const counted = await countMessage(submission.ctx, submission.request, recipient)
  noteLimit(submission, counted, { limit: 'messages', via: recipient.via, identity_id: recipient.identityId })
  const { seconds } = counted
  if (seconds === 0) return
  throw limitExceeded(submission, seconds, 'Too many messages were sent. Please wait a few minutes and try again.')
}

/** Counts a message that is sent without being asked for. Returns false if it must not be sent. */
export async function mayBeSent(ctx: Context, request: Call, recipient: Recipient): Promise<boolean> {
  return (await countMessage(ctx, request, recipient)).seconds === 0
}

async function countMessage(ctx: Context, request: Call, { via, address, identityId }: Recipient): Promise<Counted> {
  const limits = ctx.config.identity.security.messages
  if (!limits.enabled) return countRequest(ctx, [], limits.window)
  const device = identityId && request.csrf.deviceOf(identityId)
  const counters = device
    ? [{ key: counterKey(ctx, 'messages device', device), limit: limits.per_recipient }]
    : [
        { key: counterKey(ctx, 'messages recipient', `${via} ${address}`), limit: limits.per_recipient },
        ...(identityId ? [{ key: counterKey(ctx, 'messages account', identityId), limit: limits.per_account }] : []),
        ...networkCounters(ctx, request, 'messages network', limits.per_address),
      ]
  return countRequest(ctx, counters, limits.window)
}
