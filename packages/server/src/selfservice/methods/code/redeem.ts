import { ApiError, type UiText, uiText } from '@latchkey/api'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { limitAttempts, type Proof } from '../../limits/index.ts'
import type { ReplaceFlow, SubmissionContext } from '../../method.ts'
import { codeRecipient, type Purpose, type Redeemed, redeemCode } from './store.ts'

/**
 * Redeems a code, unless there were too many failed attempts for its identity, in any flow, or from the same network.
 * With an owner, only codes of that identity are valid.
 */
export async function redeemLimited(
  submission: SubmissionContext,
  purpose: Purpose,
  given: string,
  ownerId?: string,
): Promise<Redeemed> {
  const { ctx, flow } = submission
  const recipient = await codeRecipient(ctx, flow.id, purpose)
  const account = recipient?.identity_id
    ? { identityId: recipient.identity_id }
    : // No code was sent to an unknown address, but attempts for it are counted in the same way.
      { typed: recipient?.address || shownAddress(flow) || flow.id }
  const proof = purpose === 'login' && flow.aal !== 'aal2' ? 'code' : proofs[purpose]
  return limitAttempts(submission, { proof, account }, () => redeemCode(ctx, flow, purpose, given, ownerId), outcomeOf)
}

/** What a code proves; one for a new device comes after the password, like a second factor. */
const proofs: Readonly<Record<Purpose, Proof>> = {
  ...{ login: 'second factor' as const, 'new device': 'second factor' as const },
  ...{ registration: 'registration' as const, recovery: 'recovery' as const, verification: 'verification' as const },
}

function outcomeOf(redeemed: Redeemed) {
  if ('found' in redeemed) return 'succeeded'
  // A used code was correct, so it does not count as a failed attempt.
  return redeemed.refused === 'too many' || redeemed.refused === 'used' ? 'not tried' : 'failed'
}

const addressFields = new Set(['email', 'identifier', 'recovery_confirm_address'])

/** The address of the form's button that sends another code, or the identifier of a login. */
function shownAddress(flow: Flow): string | undefined {
  for (const { attributes } of flow.ui.nodes) {
    if (!('name' in attributes) || typeof attributes.value !== 'string') continue
    if (addressFields.has(attributes.name)) return attributes.value
  }
  return undefined
}

/** Throws FlowError if `resend` is not the value of the button. */
export function requireKnownResend(resend: string): void {
  if (!resend || resend === 'code') return
  const message = uiText(4000001, { reason: 'The member resend must be code.' })
  throw new FlowError({ fields: [{ field: 'resend', message }] })
}

/** The message for a rejected code; `wrong` is the message of the flow for a wrong code. */
export function refusalOf(refused: 'wrong' | 'used' | 'too many', wrong: UiText): UiText {
  if (refused === 'wrong') return wrong
  if (refused === 'used') return uiText(4000001, { reason: 'The code has been used already.' })
  return uiText(4000001, { reason: 'There were too many wrong codes. Please begin anew.' })
}

/** The 410 for a code that expired before its flow. */
export function expiredCode(flow: Flow): ApiError {
  return ApiError.flowExpired({ expiredAt: new Date(flow.expiresAt), sinceMs: 0, useFlowId: flow.id })
}

/** Replaces a flow that is completed or had too many failed attempts. */
export function replaceUsedFlow({ name }: Flow): ReplaceFlow {
  return { replaceFlow: uiText(4000001, { reason: `This ${name} cannot be used any more. Please begin anew.` }) }
}
