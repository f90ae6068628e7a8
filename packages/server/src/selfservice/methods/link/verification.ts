import { uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import {
  findByAddress,
  type Identity,
  isEmail,
  normalizeIdentifier,
  publicView,
  type VerifiableAddress,
} from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { redirect } from '../../../kernel/http/index.ts'
import { textField, transientPayload } from '../../flows/body.ts'
import { type Flow, FlowError } from '../../flows/flow.ts'
import { pageUrl, publicUrl } from '../../flows/urls.ts'
import { freshVerification } from '../../flows/verification/form.ts'
import { markSent } from '../../flows/verification/mark.ts'
import type { Step, Turn, VerificationOutcome } from '../../turn.ts'
import { upsert } from '../../ui/container.ts'
import { continueLabel, csrfNode, input, methodButton } from '../../ui/nodes.ts'
import { resendToButton } from '../code/nodes.ts'
import { common, delivery } from '../code/send.ts'
import { issueLinkToken, redeemLinkToken } from './tokens.ts'

/** Proving an address with a link. */
export const verification: Step<VerificationOutcome> = {
  nodes(ctx) {
    if (ctx.config.identity.selfservice.flows.verification.use !== 'link') return []
    return linkNodes()
  },
  decode(turn) {
    const { call, body } = turn
    const token = call.search.get('token')
    if (token) return () => open(turn, token)
    transientPayload(body)
    const email = textField(body, 'email').trim()
    if (!email) throw new FlowError({ fields: [{ field: 'email', message: uiText(4000002, { property: 'email' }) }] })
    if (email.includes('@') ? !isEmail(email) : !/^\+?\d/.test(email)) {
      throw new FlowError({ fields: [{ field: 'email', message: uiText(4000040, { value: email }) }], keepsForm: true })
    }
    return () => send(turn, email)
  },
}

function linkNodes() {
  return [
    input('email', 'link', 'email', { required: true, label: uiText(1070007) }),
    methodButton('link', 'link', continueLabel()),
  ]
}

/** The form of a verification whose link is under way already. */
export function linkSentForm(flow: Flow, address: string): void {
  flow.ui.nodes = [
    csrfNode(flow.csrfToken),
    ...linkNodes(),
    methodButton('link', 'link', continueLabel()),
    resendToButton(address),
  ]
}

async function send(turn: Turn, email: string): Promise<VerificationOutcome> {
  const { ctx, flow } = turn
  const value = normalizeIdentifier(email)
  const via = value.includes('@') ? 'email' : 'sms'
  const identity = await findByAddress(ctx, 'verification', { via, value })
  const address = identity?.document.verifiable_addresses?.find((one) => one.via === via && one.value === value)
  if (identity && address) await sendVerificationLink(ctx, flow, { identity, address })
  else if (ctx.config.identity.selfservice.flows.verification.notify_unknown_recipients && via === 'email') {
    await queueMessage(ctx, 'verification_invalid', common(flow, value), delivery(flow, via))
  }
  flow.state = 'sent_email'
  flow.active = 'link'
  upsert(flow.ui, input('email', 'link', 'email', { required: true, value: email, label: uiText(1070007) }))
  flow.ui.messages = [uiText(1080001)]
  return { stay: true, status: 200 }
}

/** Sends a link that proves the address when it is opened, and notes it at the address. */
export async function sendVerificationLink(
  ctx: Context,
  flow: Flow,
  { identity, address }: { identity: Identity; address: VerifiableAddress },
): Promise<void> {
  const { via, value } = address
  await ctx.transaction(async (tx) => {
    const { token, expiresAt } = await issueLinkToken(tx, 'verification_link', {
      flowId: flow.id,
      identityId: identity.document.id,
      via,
      address: value,
    })
    const url = publicUrl(ctx, 'self-service/verification')
    url.searchParams.set('flow', flow.id)
    url.searchParams.set('token', token)
    const minutes = Math.max(1, Math.floor((expiresAt - ctx.clock.now()) / 60_000))
    const data = {
      ...common(flow, value),
      verification_url: url.toString(),
      identity: publicView(ctx, identity),
      expires_in_minutes: minutes,
    }
    await queueMessage(tx, 'verification_valid', data, delivery(flow, via))
    await markSent(tx, identity.document.id, via, value)
  })
}

async function open(turn: Turn, token: string): Promise<VerificationOutcome> {
  const { ctx, flow } = turn
  const found = await redeemLinkToken(ctx, 'verification_link', token, flow.id)
  if (found?.identity_id) return { identityId: found.identity_id, via: found.via, value: found.address }
  const fresh = await freshVerification(turn, uiText(4070001))
  return { reply: redirect(pageUrl(ctx, fresh)) }
}
