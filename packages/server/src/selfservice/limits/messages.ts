import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { type Counter, counterKey, countRequest, networkCounters } from '../../limit/index.ts'
import type { SubmissionContext } from '../method.ts'
import { countSubmission } from './count.ts'

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
  const { ctx, request, flow } = submission
  const { enabled, window } = ctx.config.identity.security.messages
  if (!enabled) return
  await countSubmission(submission, {
    counters: messageCounters(ctx, request, recipient),
    windowMs: window,
    what: { limit: 'messages', via: recipient.via, identity_id: recipient.identityId },
    reason: 'Too many messages were sent. Please wait a few minutes and try again.',
    // A sign-up has one proof already.
    ...(flow.name !== 'registration' && { proof: 'messages' }),
  })
}

/** Counts a recovery whose form is about to list the masked addresses of an account. Throws as `limitMessages` does. */
export async function limitAddressChoices(submission: SubmissionContext, identityId: string): Promise<void> {
  const { ctx, request } = submission
  const { enabled, window, per_account, per_address } = ctx.config.identity.security.messages
  if (!enabled) return
  await countSubmission(submission, {
    counters: [
      { key: counterKey(ctx, 'address choices account', identityId), limit: per_account },
      ...networkCounters(ctx, request, 'address choices network', per_address),
    ],
    windowMs: window,
    what: { limit: 'messages', identity_id: identityId },
    reason: 'Too many recoveries were started. Please wait a few minutes and try again.',
  })
}

/** Counts a message that is sent without being asked for. Returns false if it must not be sent. */
export async function mayBeSent(ctx: Context, request: Call, recipient: Recipient): Promise<boolean> {
  const { enabled, window } = ctx.config.identity.security.messages
  if (!enabled) return true
  return (await countRequest(ctx, messageCounters(ctx, request, recipient), window)).seconds === 0
}

function messageCounters(ctx: Context, request: Call, { via, address, identityId }: Recipient): Counter[] {
  const limits = ctx.config.identity.security.messages
  const device = identityId && request.csrf.deviceOf(identityId)
  return device
    ? [{ key: counterKey(ctx, 'messages device', device), limit: limits.per_recipient }]
    : [
        { key: counterKey(ctx, 'messages recipient', `${via} ${address}`), limit: limits.per_recipient },
        ...(identityId ? [{ key: counterKey(ctx, 'messages account', identityId), limit: limits.per_account }] : []),
        ...networkCounters(ctx, request, 'messages network', limits.per_address),
      ]
}
