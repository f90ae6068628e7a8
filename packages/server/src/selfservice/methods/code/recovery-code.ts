import { uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import { findByAddress, findIdentity } from '../../../identity/index.ts'
import { type Address, isEmail } from '../../../kernel/address.ts'
import { messageData, messageOptions } from '../../flow/message.ts'
import { limitMessages } from '../../limits/index.ts'
import type { ContinueFlow, Recovered, ReplaceFlow, SubmissionContext } from '../../method.ts'
import { redeemLimited, replaceUsedFlow } from './redeem.ts'
import { sendRecoveryCode } from './send.ts'
import { deleteCodes } from './store.ts'

/**
 * Sends a recovery code to an address if it belongs to an account. To an unknown email address, a message without a
 * code is sent where `notify_unknown_recipients` enables it. Throws 429, or FlowError for browsers, if there were too
 * many messages.
 */
export async function requestRecoveryCode(
  submission: SubmissionContext,
  { via, value: address }: Address,
): Promise<void> {
  const { ctx, flow } = submission
  const identity = await findByAddress(ctx, 'recovery', { via, value: address })
  await limitMessages(submission, { via, address, identityId: identity?.document.id })
  if (identity) return sendRecoveryCode(ctx, flow, { via, address, identity })
  await deleteCodes(ctx, flow.id, 'recovery')
  const { notify_unknown_recipients: notifies } = ctx.config.identity.selfservice.flows.recovery
  if (notifies && via === 'email' && isEmail(address)) {
    await queueMessage(ctx, 'recovery_code_invalid', messageData(flow, address), messageOptions(flow, via))
  }
}

/** Redeems a recovery code. After a wrong one the form is shown again, after a used one the flow is replaced. */
export async function enterRecoveryCode(
  submission: SubmissionContext,
  given: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow | Recovered | ReplaceFlow> {
  const { ctx, flow } = submission
  flow.transientPayload = payload
  const redeemed = await redeemLimited(submission, 'recovery', given)
  if ('refused' in redeemed) {
    if (redeemed.refused === 'too many' || redeemed.refused === 'used') return replaceUsedFlow(flow)
    flow.ui.messages = [uiText(4060006)]
    return { continueFlow: 200 }
  }
  const { identity_id: id, via, address } = redeemed.found
  const identity = id ? await findIdentity(ctx, id) : undefined
  if (!identity) return replaceUsedFlow(flow)
  return {
    identity,
    proof: { method: 'code_recovery', aal: 'aal1' },
    ...(address && { verified: { via, value: address } }),
  }
}
