import { ApiError, uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import {
  findByAddress,
  type Identity,
  normalizeIdentifier,
  publicView,
  type VerifiableAddress,
} from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { json, redirect } from '../../../kernel/http/index.ts'
import { speaksJson } from '../../flows/answer.ts'
import { textField, transientPayload } from '../../flows/body.ts'
import { type Flow, FlowError } from '../../flows/flow.ts'
import { saveFlow } from '../../flows/store.ts'
import { pageUrl, publicUrl } from '../../flows/urls.ts'
import { freshVerification } from '../../flows/verification/form.ts'
import { markSent } from '../../flows/verification/mark.ts'
import type { Step, Turn, VerificationOutcome } from '../../turn.ts'
import { setCsrf } from '../../ui/container.ts'
import { csrfNode, input } from '../../ui/nodes.ts'
import { forgetCodes, issueCode } from './codes.ts'
import { codeField, continueButton, hiddenMethod, resendToButton } from './nodes.ts'
import { expiredCode } from './refusals.ts'
import { common, delivery, lifespanMinutes } from './send.ts'
import { tryCode } from './try.ts'

/** Proving an address with a code. */
export const verification: Step<VerificationOutcome> = {
  nodes: (ctx) =>
    startsCode(ctx)
      ? [input('email', 'code', 'email', { required: true, label: uiText(1070007) }), continueButton()]
      : [],
  decode(turn) {
    const { call, flow, body } = turn
    const payload = transientPayload(body)
    const opened = call.method === 'GET'
    const given = opened ? (call.search.get('code') ?? '') : textField(body, 'code')
    const email = textField(body, 'email')
    if (flow.state === 'passed_challenge') return () => begunAnew(turn)
    if (opened && given) return () => prefill(turn, given)
    if (given && !email) return () => enter(turn, given, payload)
    if (!email) {
      turn.typed.set('email', '')
      throw new FlowError({ fields: [{ field: 'email', message: uiText(4000002, { property: 'email' }) }] })
    }
    return () => send(turn, email)
  },
}

/** Whether verification is by code, not by link. */
export function startsCode(ctx: Context): boolean {
  return ctx.config.identity.selfservice.flows.verification.use === 'code'
}

/** The form that asks for a code sent to an address. */
export function sentCodeForm(flow: Flow, address: string): void {
  const csrf = flow.type === 'browser' ? [csrfNode(flow.csrfToken)] : []
  flow.ui.nodes = [hiddenMethod(), codeField(1070011), continueButton(), ...csrf, resendToButton(address)]
  flow.ui.messages = [uiText(1080003)]
}

async function send(turn: Turn, email: string): Promise<VerificationOutcome> {
  const { ctx, flow } = turn
  const value = normalizeIdentifier(email)
  const via = value.includes('@') ? 'email' : 'sms'
  const identity = await findByAddress(ctx, 'verification', { via, value })
  const address = identity?.document.verifiable_addresses?.find((one) => one.via === via && one.value === value)
  if (identity && address) await sendVerificationCode(ctx, flow, { identity, address })
  else {
    await forgetCodes(ctx, flow.id, 'verification')
    if (ctx.config.identity.selfservice.flows.verification.notify_unknown_recipients && via === 'email') {
      await queueMessage(ctx, 'verification_code_invalid', common(flow, value), delivery(flow, via))
    }
  }
  flow.state = 'sent_email'
  flow.active = 'code'
  sentCodeForm(flow, email)
  return { stay: true, status: 200 }
}

/** Sends a code with a link that fills it in, and notes it at the address. */
export async function sendVerificationCode(
  ctx: Context,
  flow: Flow,
  { identity, address }: { identity: Identity; address: VerifiableAddress },
): Promise<void> {
  const { via, value } = address
  await ctx.transaction(async (tx) => {
    const { code } = await issueCode(tx, flow.id, 'verification', {
      identityId: identity.document.id,
      via,
      address: value,
    })
    const url = publicUrl(ctx, 'self-service/verification')
    url.searchParams.set('code', code)
    url.searchParams.set('flow', flow.id)
    const data = {
      ...common(flow, value),
      verification_code: code,
      verification_url: url.toString(),
      identity: publicView(ctx, identity),
      expires_in_minutes: lifespanMinutes(ctx),
    }
    await queueMessage(tx, 'verification_code_valid', data, delivery(flow, via))
    await markSent(tx, identity.document.id, via, value)
  })
}

/** The link of the message shows the form with its code: opening alone, as mail scanners do, proves nothing. */
async function prefill(turn: Turn, given: string): Promise<VerificationOutcome> {
  const { ctx, call, flow } = turn
  const address = flow.ui.nodes.find(
    ({ attributes }) => attributes.node_type === 'input' && attributes.name === 'email',
  )
  const email = address?.attributes.node_type === 'input' ? String(address.attributes.value ?? '') : ''
  if (flow.csrfToken === '' || !call.csrf.accepts(flow.csrfToken)) flow.csrfToken = call.csrf.formToken()
  flow.ui.nodes = [hiddenMethod(), codeField(1070011, given), continueButton(), resendToButton(email)]
  flow.ui.messages = [uiText(1080003)]
  setCsrf(flow.ui, flow.csrfToken)
  // Links are opened in a browser, even those of an app's flow.
  if (call.wantsJson) return { stay: true, status: 200 }
  await saveFlow(ctx, flow)
  return { reply: redirect(pageUrl(ctx, flow)) }
}

async function enter(turn: Turn, given: string, payload: Record<string, unknown>): Promise<VerificationOutcome> {
  const { flow } = turn
  const redeemed = await tryCode(turn, 'verification', given)
  if ('refused' in redeemed) {
    if (redeemed.refused === 'too many') return begunAnew(turn)
    if (redeemed.refused === 'expired') {
      turn.call.csrf.rotate()
      throw expiredCode(flow)
    }
    flow.transientPayload = payload
    flow.ui.messages = [uiText(4070006)]
    return { stay: true, status: 200 }
  }
  const { identity_id: identityId, via, address } = redeemed.found
  if (!identityId) return begunAnew(turn)
  return { identityId, via, value: address }
}

async function begunAnew(turn: Turn): Promise<VerificationOutcome> {
  const { ctx, call, flow } = turn
  const fresh = await freshVerification(
    turn,
    uiText(4000001, { reason: 'This verification cannot be used any more. Please begin anew.' }),
  )
  if (!speaksJson(call, flow.type)) return { reply: redirect(pageUrl(ctx, fresh)) }
  return { reply: json(410, ApiError.flowReplaced(fresh.id)) }
}
