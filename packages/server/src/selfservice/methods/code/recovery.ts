import { ApiError, uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import { findByAddress, findIdentity, isEmail, normalizeIdentifier } from '../../../identity/index.ts'
import { json, redirect } from '../../../kernel/http/index.ts'
import { speaksJson } from '../../flows/answer.ts'
import { textField, transientPayload } from '../../flows/body.ts'
import { FlowError } from '../../flows/flow.ts'
import { freshRecovery } from '../../flows/recovery/fresh.ts'
import { pageUrl } from '../../flows/urls.ts'
import type { RecoveryOutcome, Step, Turn } from '../../turn.ts'
import { csrfNode, input } from '../../ui/nodes.ts'
import { forgetCodes } from './codes.ts'
import { codeField, continueButton, hiddenMethod, resendToButton } from './nodes.ts'
import { common, delivery, sendRecoveryCode } from './send.ts'
import { tryCode } from './try.ts'

/** Getting back into an account with a code. */
export const recovery: Step<RecoveryOutcome> = {
  nodes(ctx) {
    if (ctx.config.identity.selfservice.flows.recovery.use !== 'code') return []
    return [input('email', 'code', 'email', { required: true, label: uiText(1070007) }), continueButton()]
  },
  decode(turn) {
    const { flow, body } = turn
    const payload = transientPayload(body)
    const email = textField(body, 'email')
    const given = textField(body, 'code')
    if (flow.state === 'passed_challenge') return () => begunAnew(turn)
    if (flow.state === 'sent_email' && given && !email) return () => enter(turn, given, payload)
    if (!email) {
      const field = flow.state === 'sent_email' ? 'code' : 'email'
      throw new FlowError({ fields: [{ field, message: uiText(4000002, { property: field }) }], group: 'code' })
    }
    if (!isEmail(email.trim()))
      throw new FlowError({ fields: [{ field: 'email', message: uiText(4000040, { value: email }) }] })
    return () => send(turn, email.trim(), payload)
  },
}

/** Strangers get the same answer; a mail only if the configuration wants one for them. */
async function send(turn: Turn, email: string, payload: Record<string, unknown>): Promise<RecoveryOutcome> {
  const { ctx, flow } = turn
  const address = normalizeIdentifier(email)
  flow.transientPayload = payload
  const identity = await findByAddress(ctx, 'recovery', { via: 'email', value: address })
  if (identity) await sendRecoveryCode(ctx, flow, { via: 'email', address, identity })
  else {
    await forgetCodes(ctx, flow.id, 'recovery')
    if (ctx.config.identity.selfservice.flows.recovery.notify_unknown_recipients) {
      await queueMessage(ctx, 'recovery_code_invalid', common(flow, address), delivery(flow, 'email'))
    }
  }
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
  return { stay: true, status: 200 }
}

async function enter(turn: Turn, given: string, payload: Record<string, unknown>): Promise<RecoveryOutcome> {
  const { ctx, flow } = turn
  flow.transientPayload = payload
  const redeemed = await tryCode(turn, 'recovery', given)
  if ('refused' in redeemed) {
    if (redeemed.refused === 'too many') return begunAnew(turn)
    flow.ui.messages = [uiText(4060006)]
    return { stay: true, status: 200 }
  }
  const { identity_id: id, via, address } = redeemed.found
  const identity = id ? await findIdentity(ctx, id) : undefined
  if (!identity) return begunAnew(turn)
  return {
    identity,
    proof: { method: 'code_recovery', aal: 'aal1' },
    ...(address && { verified: { via, value: address } }),
  }
}

/** A flow that has led to its end, or was guessed at too often, is worth nothing: another takes its place. */
async function begunAnew(turn: Turn): Promise<RecoveryOutcome> {
  const { ctx, call, flow } = turn
  const fresh = await freshRecovery(
    turn,
    uiText(4000001, { reason: 'This recovery cannot be used any more. Please begin anew.' }),
  )
  if (!speaksJson(call, flow.type)) return { reply: redirect(pageUrl(ctx, fresh)) }
  const details = { continue_with: [{ action: 'show_recovery_ui', flow: { id: fresh.id } }] }
  return { reply: json(400, ApiError.badRequest({ reason: 'This recovery cannot be used any more.', details })) }
}
