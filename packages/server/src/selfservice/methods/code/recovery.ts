import { UpdateRecoveryFlowWithCodeMethod, uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import { findByAddress, findIdentity } from '../../../identity/index.ts'
import type { Address } from '../../../kernel/address.ts'
import { checkAddressInput, submittedAddress } from '../../flow/address-input.ts'
import { transientPayload } from '../../flow/body.ts'
import { inEqualTime } from '../../flow/equal-time.ts'
import { FlowError } from '../../flow/flow.ts'
import { messageData, messageOptions } from '../../flow/message.ts'
import { insertFlow } from '../../flow/store.ts'
import { pageUrl } from '../../flow/urls.ts'
import { limitMessages } from '../../limits/index.ts'
import type { ContinueFlow, Recovered, RecoveryStep, ReplaceFlow, SubmissionContext } from '../../method.ts'
import { csrfNode, input, resendToButton } from '../../ui/nodes.ts'
import { codeField, continueButton, hiddenMethod } from './nodes.ts'
import { redeemLimited, replaceUsedFlow } from './redeem.ts'
import { sendRecoveryCode } from './send.ts'
import { deleteCodes, issueCode } from './store.ts'

/** Account recovery with a code. */
export const recovery: RecoveryStep<typeof UpdateRecoveryFlowWithCodeMethod> = {
  body: UpdateRecoveryFlowWithCodeMethod,
  isAsked: ({ active }) => active === 'code',
  precheck: ({ body }) => checkAddressInput(body, { method: 'code', takesPhones: true }),
  checksCsrfFirst: true,
  nodes(ctx) {
    if (ctx.config.identity.selfservice.flows.recovery.use !== 'code') return []
    return [input('email', 'code', 'email', { required: true, label: uiText(1070007) }), continueButton()]
  },
  decode(submission, { email, code: given }) {
    const { flow } = submission
    const payload = transientPayload(submission.body)
    // After a code was sent, submissions without an address contain a code.
    if (flow.state !== 'choose_method' && !email) return () => enter(submission, given, payload)
    if (flow.state === 'passed_challenge') return async () => ({ replaceFlow: uiText(4060001) })
    if (!email) throw new FlowError({ fields: [{ field: 'email', message: uiText(4000002, { property: 'email' }) }] })
    return () => send(submission, email, payload)
  },
  async issue(ctx, flow, { identityId, lifespanMs }) {
    flow.ui.nodes = [codeField(1070010), continueButton()]
    await insertFlow(ctx, flow)
    const { code, expiresAt } = await issueCode(ctx, flow.id, 'recovery', {
      identityId,
      via: '',
      address: '',
      lifespanMs,
    })
    return { secret: code, url: pageUrl(ctx, flow), expiresAt }
  },
}

/** Sends a code. For unknown addresses, the response is the same; `notify_unknown_recipients` enables a message. */
async function send(
  submission: SubmissionContext,
  email: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  const { flow } = submission
  flow.transientPayload = payload
  await inEqualTime(() => sendCode(submission, submittedAddress(email)))
  flow.state = 'sent_email'
  flow.active = 'code'
  flow.ui.nodes = [
    csrfNode(flow.csrfToken),
    codeField(1070010),
    hiddenMethod(),
    continueButton(),
    resendToButton(email),
  ]
  flow.ui.messages = [uiText(1060003)]
  return { continueFlow: 200 }
}

async function sendCode(submission: SubmissionContext, { via, value: address }: Address): Promise<void> {
  const { ctx, flow } = submission
  const identity = await findByAddress(ctx, 'recovery', { via, value: address })
  await limitMessages(submission, { via, address, identityId: identity?.document.id })
  if (identity) return sendRecoveryCode(ctx, flow, { via, address, identity })
  await deleteCodes(ctx, flow.id, 'recovery')
  if (ctx.config.identity.selfservice.flows.recovery.notify_unknown_recipients && via === 'email') {
    await queueMessage(ctx, 'recovery_code_invalid', messageData(flow, address), messageOptions(flow, via))
  }
}

async function enter(
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
