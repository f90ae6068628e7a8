import { ApiError, type UiText, uiText } from '@latchkey/api'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { limitAttempts } from '../../limits/index.ts'
import type { SubmissionContext } from '../../method.ts'
import { codeAddress, type Purpose, type Redeemed, redeemCode } from './store.ts'

/**
 * Redeems a code, unless too many attempts failed for its address, also in other flows, or from the same network. With an
 * owner, only a code of that identity counts.
 */
export async function redeemLimited(
  submission: SubmissionContext,
  purpose: Purpose,
  given: string,
  ownerId?: string,
): Promise<Redeemed> {
  const { ctx, flow } = submission
  // Nobody was sent a code where the address is unknown, yet attempts count for it as for any other.
  const account = (await codeAddress(ctx, flow.id, purpose)) ?? resendAddress(flow) ?? flow.id
  return limitAttempts(submission, account, () => redeemCode(ctx, flow, purpose, given, ownerId), outcomeOf)
}

function outcomeOf(redeemed: Redeemed) {
  if ('found' in redeemed) return 'succeeded'
  // A code that was right once is no guess.
  return redeemed.refused === 'too many' || redeemed.refused === 'used' ? 'not tried' : 'failed'
}

/** The address that the form with the code field would send another code to. */
function resendAddress(flow: Flow): string | undefined {
  for (const { attributes } of flow.ui.nodes) {
    if ('name' in attributes && attributes.name === 'email' && typeof attributes.value === 'string')
      return attributes.value
  }
  return undefined
}

/** Throws FlowError for a `resend` that is not the button's. */
export function requireKnownResend(resend: string): void {
  if (!resend || resend === 'code') return
  const message = uiText(4000001, { reason: 'The member resend must be code.' })
  throw new FlowError({ fields: [{ field: 'resend', message }] })
}

/** Why a code that was right, or one more of many, does not count; `wrong` is the message of the flow for a wrong one. */
export function refusalOf(refused: 'wrong' | 'used' | 'too many', wrong: UiText): UiText {
  if (refused === 'wrong') return wrong
  if (refused === 'used') return uiText(4000001, { reason: 'The code has been used already.' })
  return uiText(4000001, { reason: 'There were too many wrong codes. Please begin anew.' })
}

/** The 410 of a code that expired before its flow. */
export function expiredCode(flow: Flow): ApiError {
  return ApiError.flowExpired({ expiredAt: new Date(flow.expiresAt), sinceMs: 0, useFlowId: flow.id })
}
