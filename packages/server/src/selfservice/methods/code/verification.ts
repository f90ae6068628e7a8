import { UpdateVerificationFlowWithCodeMethod, uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import { publicView } from '../../../identity/index.ts'
import type { Address } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import { checkAddressInput, submittedAddress } from '../../flow/address-input.ts'
import { markSent } from '../../flow/address-status.ts'
import { textField, transientPayload } from '../../flow/body.ts'
import { inEqualTime } from '../../flow/equal-time.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { messageData, messageOptions, withPayload } from '../../flow/message.ts'
import { linkUrl } from '../../flow/urls.ts'
import { limitMessages } from '../../limits/index.ts'
import type { ContinueFlow, ReplaceFlow, SubmissionContext, VerificationStep, VerifiedAddress } from '../../method.ts'
import { type Recipient, verificationRecipient } from '../../pending/recipient.ts'
import { setCsrf } from '../../ui/container.ts'
import { csrfNode, input, nodeName, nodeValue, resendToButton } from '../../ui/nodes.ts'
import { codeField, continueButton, hiddenMethod } from './nodes.ts'
import { expiredCode, redeemLimited, replaceUsedFlow } from './redeem.ts'
import { lifespanMinutes } from './send.ts'
import { deleteCodes, issueCode } from './store.ts'

/** Address verification with a code. */
export const verification: VerificationStep<typeof UpdateVerificationFlowWithCodeMethod> = {
  body: UpdateVerificationFlowWithCodeMethod,
  isAsked: ({ active }) => !active || active === 'code',
  precheck({ body }) {
    const named = textField(body, 'method')
    const message = uiText(4000001, { reason: 'The method must be code or link.' })
    const others = named && named !== 'code' && named !== 'link' ? [{ field: 'method', message }] : []
    checkAddressInput(body, { method: 'code', others, takesPhones: true })
  },
  addressField: (value) => input('email', 'code', 'email', { required: true, value, label: uiText(1070007) }),
  nodes: (ctx) =>
    ctx.config.identity.selfservice.flows.verification.use === 'code'
      ? [input('email', 'code', 'email', { required: true, label: uiText(1070007) }), continueButton()]
      : [],
  decode(submission, { code, email }) {
    const { request, flow, source } = submission
    const payload = transientPayload(submission.body)
    if (flow.state === 'passed_challenge') return async () => ({ replaceFlow: uiText(4070002) })
    if (source === 'link') return () => prefill(submission, request.search.get('code') ?? '')
    if (code) return () => enter(submission, code, payload)
    if (!email) throw new FlowError({ fields: [{ field: 'email', message: uiText(4000002, { property: 'email' }) }] })
    return () => send(submission, email, payload)
  },
  sentForm,
  send: sendVerificationCode,
}

/** Shows the form for a code that was sent to an address. */
function sentForm(flow: Flow, address: string): void {
  const csrf = flow.type === 'browser' ? [csrfNode(flow.csrfToken)] : []
  flow.ui.nodes = [hiddenMethod(), codeField(1070011), continueButton(), ...csrf, resendToButton(address)]
  flow.ui.messages = [uiText(1080003)]
}

async function send(
  submission: SubmissionContext,
  email: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  const { flow } = submission
  await inEqualTime(() => sendCode({ ...submission, flow: withPayload(flow, payload) }, submittedAddress(email)))
  flow.state = 'sent_email'
  flow.active = 'code'
  sentForm(flow, email)
  return { continueFlow: 200 }
}

async function sendCode(submission: SubmissionContext, { via, value }: Address): Promise<void> {
  const { ctx, flow } = submission
  const recipient = await verificationRecipient(ctx, flow, { via, value })
  await limitMessages(submission, { via, address: value, identityId: recipient?.identity.document.id })
  if (recipient) return sendVerificationCode(ctx, flow, recipient)
  await deleteCodes(ctx, flow.id, 'verification')
  if (ctx.config.identity.selfservice.flows.verification.notify_unknown_recipients && via === 'email') {
    await queueMessage(ctx, 'verification_code_invalid', messageData(flow, value), messageOptions(flow, via))
  }
}

/** Sends a code with a link that fills it in, and updates the status of the address. */
async function sendVerificationCode(
  ctx: Context,
  flow: Flow,
  { identity, address, isPending }: Recipient,
): Promise<void> {
  const { via, value } = address
  await ctx.transaction(async (tx) => {
    const { code } = await issueCode(tx, flow.id, 'verification', {
      identityId: identity.document.id,
      via,
      address: value,
    })
    const url = linkUrl(ctx, 'self-service/verification')
    url.searchParams.set('code', code)
    url.searchParams.set('flow', flow.id)
    const data = {
      ...messageData(flow, value),
      verification_code: code,
      verification_url: url.toString(),
      identity: publicView(ctx, identity),
      expires_in_minutes: lifespanMinutes(ctx),
    }
    await queueMessage(tx, 'verification_code_valid', data, messageOptions(flow, via))
    if (!isPending) await markSent(tx, identity.document.id, via, value)
  })
}

/** Shows the form with the code of the link. Opening it verifies nothing, because mail scanners open links, too. */
async function prefill({ request, flow }: SubmissionContext, given: string): Promise<ContinueFlow> {
  const address = flow.ui.nodes.find((node) => nodeName(node) === 'email')
  const email = address ? String(nodeValue(address) ?? '') : ''
  if (flow.csrfToken === '' || !request.csrf.accepts(flow.csrfToken)) flow.csrfToken = request.csrf.formToken()
  if (flow.type === 'api') flow.openedInBrowser = true
  flow.ui.nodes = [hiddenMethod(), codeField(1070011, given), continueButton(), resendToButton(email)]
  flow.ui.messages = [uiText(1080003)]
  setCsrf(flow.ui, flow.csrfToken)
  return { continueFlow: 200 }
}

async function enter(
  submission: SubmissionContext,
  given: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow | VerifiedAddress | ReplaceFlow> {
  const { flow, request, signed } = submission
  const redeemed = await redeemLimited(submission, 'verification', given)
  if ('refused' in redeemed) {
    if (redeemed.refused === 'too many' || redeemed.refused === 'used') return replaceUsedFlow(flow)
    if (redeemed.refused === 'expired') {
      request.csrf.rotate(signed?.identity.document.id)
      throw expiredCode(flow)
    }
    flow.transientPayload = payload
    flow.ui.messages = [uiText(4070006)]
    return { continueFlow: 200 }
  }
  const { identity_id: identityId, via, address } = redeemed.found
  if (!identityId) return replaceUsedFlow(flow)
  return { identityId, via, value: address }
}
