import { uiText } from '@latchkey/api'
import { queueMessage } from '../../../courier/index.ts'
import { findByAddress, findIdentity, isEmail, normalizeIdentifier, publicView } from '../../../identity/index.ts'
import { redirect } from '../../../kernel/http/index.ts'
import { textField, transientPayload } from '../../flows/body.ts'
import { FlowError } from '../../flows/flow.ts'
import { freshRecovery } from '../../flows/recovery/fresh.ts'
import { pageUrl, publicUrl } from '../../flows/urls.ts'
import type { RecoveryOutcome, Step, Turn } from '../../turn.ts'
import { upsert } from '../../ui/container.ts'
import { continueLabel, input, methodButton } from '../../ui/nodes.ts'
import { common, delivery } from '../code/send.ts'
import { issueLinkToken, redeemLinkToken } from './tokens.ts'

/** Getting back into an account with a link. */
export const recovery: Step<RecoveryOutcome> = {
  nodes(ctx) {
    if (ctx.config.identity.selfservice.flows.recovery.use !== 'link') return []
    return [
      input('email', 'link', 'email', { required: true, label: uiText(1070007) }),
      methodButton('link', 'link', continueLabel()),
    ]
  },
  decode(turn) {
    const { call, body } = turn
    const token = call.search.get('token')
    if (token) return () => open(turn, token)
    const payload = transientPayload(body)
    const email = textField(body, 'email').trim()
    if (!email) throw new FlowError({ fields: [{ field: 'email', message: uiText(4000002, { property: 'email' }) }] })
    if (!isEmail(email))
      throw new FlowError({ fields: [{ field: 'email', message: uiText(4000040, { value: email }) }] })
    return () => send(turn, email, payload)
  },
}

async function send(turn: Turn, email: string, payload: Record<string, unknown>): Promise<RecoveryOutcome> {
  const { ctx, flow } = turn
  const address = normalizeIdentifier(email)
  flow.transientPayload = payload
  const identity = await findByAddress(ctx, 'recovery', { via: 'email', value: address })
  if (identity) {
    await ctx.transaction(async (tx) => {
      const { token, expiresAt } = await issueLinkToken(tx, 'recovery_link', {
        flowId: flow.id,
        identityId: identity.document.id,
        via: 'email',
        address,
      })
      const url = publicUrl(ctx, 'self-service/recovery')
      url.searchParams.set('flow', flow.id)
      url.searchParams.set('token', token)
      const minutes = Math.max(1, Math.floor((expiresAt - ctx.clock.now()) / 60_000))
      const data = {
        ...common(flow, address),
        recovery_url: url.toString(),
        identity: publicView(ctx, identity),
        expires_in_minutes: minutes,
      }
      await queueMessage(tx, 'recovery_valid', data, delivery(flow, 'email'))
    })
  } else if (ctx.config.identity.selfservice.flows.recovery.notify_unknown_recipients) {
    await queueMessage(ctx, 'recovery_invalid', common(flow, address), delivery(flow, 'email'))
  }
  flow.state = 'sent_email'
  flow.active = 'link'
  upsert(flow.ui, input('email', 'link', 'email', { required: true, value: email, label: uiText(1070007) }))
  flow.ui.messages = [uiText(1060002)]
  return { stay: true, status: 200 }
}

/** The link was opened: its secret stands for the browser's anti-CSRF token. */
async function open(turn: Turn, token: string): Promise<RecoveryOutcome> {
  const { ctx, flow } = turn
  // Links are opened in a browser, even those of an app's flow.
  flow.type = 'browser'
  const found = await redeemLinkToken(ctx, 'recovery_link', token, flow.id)
  const identity = found?.identity_id ? await findIdentity(ctx, found.identity_id) : undefined
  if (!found || !identity) {
    const fresh = await freshRecovery(turn, uiText(4060004))
    return { reply: redirect(pageUrl(ctx, fresh)) }
  }
  const verified = found.address ? { verified: { via: found.via, value: found.address } } : {}
  return { identity, proof: { method: 'link_recovery', aal: 'aal1' }, ...verified }
}
