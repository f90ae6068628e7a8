import { UpdateRecoveryFlowWithLinkMethod, uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import { findByAddress, findIdentity, publicView } from '../../../identity/index.ts'
import { normalizeAddress } from '../../../kernel/address.ts'
import type { Context } from '../../../kernel/context.ts'
import { checkAddressInput } from '../../flow/address-input.ts'
import { transientPayload } from '../../flow/body.ts'
import { inEqualTime } from '../../flow/equal-time.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { messageData, messageOptions, wholeMinutes } from '../../flow/message.ts'
import { insertFlow } from '../../flow/store.ts'
import { linkUrl } from '../../flow/urls.ts'
import { limitMessages } from '../../limits/index.ts'
import type { ContinueFlow, Recovered, RecoveryStep, ReplaceFlow, SubmissionContext } from '../../method.ts'
import { upsert } from '../../ui/container.ts'
import { continueLabel, input, methodButton } from '../../ui/nodes.ts'
import { issueLinkToken, redeemLinkToken } from './store.ts'

/** Account recovery with a link. */
export const recovery: RecoveryStep<typeof UpdateRecoveryFlowWithLinkMethod> = {
  body: UpdateRecoveryFlowWithLinkMethod,
  isAsked: () => true,
  precheck: ({ body }) => checkAddressInput(body, { method: 'link' }),
  nodes(ctx) {
    if (ctx.config.identity.selfservice.flows.recovery.use !== 'link') return []
    return [
      input('email', 'link', 'email', { required: true, label: uiText(1070007) }),
      methodButton('link', 'link', continueLabel()),
    ]
  },
  decode(submission, fields) {
    const token = submission.request.search.get('token')
    if (token) return () => open(submission, token)
    const payload = transientPayload(submission.body)
    const { email } = fields
    if (submission.flow.state === 'passed_challenge')
      return async () => ({ replaceFlow: uiText(4060001), redirects: true })
    if (!email) throw new FlowError({ fields: [{ field: 'email', message: uiText(4000002, { property: 'email' }) }] })
    return () => send(submission, email, payload)
  },
  async issue(ctx, flow, { identityId, lifespanMs }) {
    await insertFlow(ctx, flow)
    const target = { flowId: flow.id, identityId, via: '', address: '', lifespanMs }
    const { token, expiresAt } = await issueLinkToken(ctx, 'recovery_link', target)
    return { secret: token, url: recoveryUrl(ctx, flow, token), expiresAt }
  },
}

function recoveryUrl(ctx: Context, flow: Flow, token: string): string {
  const url = linkUrl(ctx, 'self-service/recovery')
  url.searchParams.set('flow', flow.id)
  url.searchParams.set('token', token)
  return url.toString()
}

async function send(
  submission: SubmissionContext,
  email: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  const { flow } = submission
  flow.transientPayload = payload
  await inEqualTime(() => sendLink(submission, normalizeAddress('email', email)))
  flow.state = 'sent_email'
  flow.active = 'link'
  upsert(flow.ui, input('email', 'link', 'email', { required: true, value: email, label: uiText(1070007) }))
  flow.ui.messages = [uiText(1060002)]
  return { continueFlow: 200 }
}

async function sendLink(submission: SubmissionContext, address: string): Promise<void> {
  const { ctx, flow } = submission
  const identity = await findByAddress(ctx, 'recovery', { via: 'email', value: address })
  await limitMessages(submission, { via: 'email', address, identityId: identity?.document.id })
  if (identity) {
    await ctx.transaction(async (tx) => {
      const { token, expiresAt } = await issueLinkToken(tx, 'recovery_link', {
        flowId: flow.id,
        identityId: identity.document.id,
        via: 'email',
        address,
      })
      const data = {
        ...messageData(flow, address),
        recovery_url: recoveryUrl(ctx, flow, token),
        identity: publicView(ctx, identity),
        expires_in_minutes: wholeMinutes(expiresAt - ctx.clock.now()),
      }
      await queueMessage(tx, 'recovery_valid', data, messageOptions(flow, 'email'))
    })
  } else if (ctx.config.identity.selfservice.flows.recovery.notify_unknown_recipients) {
    await queueMessage(ctx, 'recovery_invalid', messageData(flow, address), messageOptions(flow, 'email'))
  }
}

/** Redeems an opened link; its token replaces the anti-CSRF token of the browser. */
async function open({ ctx, flow }: SubmissionContext, token: string): Promise<Recovered | ReplaceFlow> {
  // Links are opened in a browser, even in API flows.
  flow.type = 'browser'
  const found = await redeemLinkToken(ctx, 'recovery_link', token, flow.id)
  const identity = found?.identity_id ? await findIdentity(ctx, found.identity_id) : undefined
  if (!found || !identity) return { replaceFlow: uiText(4060004) }
  const verified = found.address ? { verified: { via: found.via, value: found.address } } : {}
  return { identity, proof: { method: 'link_recovery', aal: 'aal1' }, ...verified }
}
