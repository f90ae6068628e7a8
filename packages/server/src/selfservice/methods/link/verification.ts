import { UpdateVerificationFlowWithLinkMethod, uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import { publicView } from '../../../identity/index.ts'
import { normalizeAddress } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import { checkAddressInput } from '../../flow/address-input.ts'
import { markSent } from '../../flow/address-status.ts'
import { transientPayload } from '../../flow/body.ts'
import { inEqualTime } from '../../flow/equal-time.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { messageData, messageOptions, wholeMinutes, withPayload } from '../../flow/message.ts'
import { linkUrl } from '../../flow/urls.ts'
import { limitMessages } from '../../limits/index.ts'
import type { ContinueFlow, ReplaceFlow, SubmissionContext, VerificationStep, VerifiedAddress } from '../../method.ts'
import { type Recipient, verificationRecipient } from '../../pending/recipient.ts'
import { upsert } from '../../ui/container.ts'
import { continueLabel, csrfNode, input, methodButton, resendToButton } from '../../ui/nodes.ts'
import { issueLinkToken, redeemLinkToken } from './store.ts'

/** Links are sent by email only; phone numbers are verified with codes. */
const via = 'email'

/** Address verification with a link. */
export const verification: VerificationStep<typeof UpdateVerificationFlowWithLinkMethod> = {
  enabled(ctx) {
    const { methods, flows } = ctx.config.identity.selfservice
    return methods.link.enabled && flows.verification.use === 'link'
  },
  body: UpdateVerificationFlowWithLinkMethod,
  isAsked: ({ active }) => !active || active === 'link',
  precheck: ({ body }) => checkAddressInput(body, { method: 'link' }),
  addressField: emailField,
  nodes: linkNodes,
  decode(submission, fields) {
    const token = submission.request.search.get('token')
    if (token) return () => open(submission, token)
    const payload = transientPayload(submission.body)
    const { email } = fields
    if (submission.flow.state === 'passed_challenge')
      return async () => ({ replaceFlow: uiText(4070002), redirects: true })
    if (!email) throw new FlowError({ fields: [{ field: 'email', message: uiText(4000002, { property: 'email' }) }] })
    return () => send(submission, email, payload)
  },
  sentForm,
  send: sendVerificationLink,
}

function emailField(value: string) {
  return input('email', 'link', 'email', { required: true, value, label: uiText(1070007) })
}

function linkNodes() {
  return [
    input('email', 'link', 'email', { required: true, label: uiText(1070007) }),
    methodButton('link', 'link', continueLabel()),
  ]
}

/** Shows the form after a link was sent to an address. */
function sentForm(flow: Flow, address: string): void {
  flow.ui.nodes = [
    csrfNode(flow.csrfToken),
    ...linkNodes(),
    methodButton('link', 'link', continueLabel()),
    resendToButton(address),
  ]
}

async function send(
  submission: SubmissionContext,
  email: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  const { flow } = submission
  await inEqualTime(() => sendLink({ ...submission, flow: withPayload(flow, payload) }, normalizeAddress(via, email)))
  flow.state = 'sent_email'
  flow.active = 'link'
  upsert(flow.ui, emailField(email))
  flow.ui.messages = [uiText(1080001)]
  return { continueFlow: 200 }
}

async function sendLink(submission: SubmissionContext, value: string): Promise<void> {
  const { ctx, flow } = submission
  const recipient = await verificationRecipient(ctx, flow, { via, value })
  await limitMessages(submission, { via, address: value, identityId: recipient?.identity.document.id })
  if (recipient) return sendVerificationLink(ctx, flow, recipient)
  if (ctx.config.identity.selfservice.flows.verification.notify_unknown_recipients) {
    await queueMessage(ctx, 'verification_invalid', messageData(flow, value), messageOptions(flow, via))
  }
}

/** Sends a link that verifies the address when it is opened, and updates the status of the address. */
async function sendVerificationLink(
  ctx: Context,
  flow: Flow,
  { identity, address, isPending }: Recipient,
): Promise<void> {
  const { via, value } = address
  await ctx.transaction(async (tx) => {
    const { token, expiresAt } = await issueLinkToken(tx, 'verification_link', {
      flowId: flow.id,
      identityId: identity.document.id,
      via,
      address: value,
    })
    const url = linkUrl(ctx, 'self-service/verification')
    url.searchParams.set('flow', flow.id)
    url.searchParams.set('token', token)
    const data = {
      ...messageData(flow, value),
      verification_url: url.toString(),
      identity: publicView(ctx, identity),
      expires_in_minutes: wholeMinutes(expiresAt - ctx.clock.now()),
    }
    await queueMessage(tx, 'verification_valid', data, messageOptions(flow, via))
    if (!isPending) await markSent(tx, identity.document.id, via, value)
  })
}

async function open({ ctx, flow }: SubmissionContext, token: string): Promise<VerifiedAddress | ReplaceFlow> {
  const found = await redeemLinkToken(ctx, 'verification_link', token, flow.id)
  if (found?.identity_id) return { identityId: found.identity_id, via: found.via, value: found.address }
  return { replaceFlow: uiText(4070001) }
}
