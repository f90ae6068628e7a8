import { ApiError, uiText } from '@latchkey/api'
import { timestamp } from '../../../kernel/clock.ts'
import { json, type Reply, redirect } from '../../../kernel/http/index.ts'
import { issueSession, revokeOthers, sessionCookie } from '../../../session/index.ts'
import { hooksAfter } from '../../hooks/hooks.ts'
import { callWebHooks, isAskedFirst } from '../../hooks/web-hook.ts'
import type { RecoveryOutcome, Stay, Turn } from '../../turn.ts'
import { addMessage, clearMessages, setCsrf } from '../../ui/container.ts'
import { speaksJson } from '../answer.ts'
import { newFlow } from '../begin.ts'
import type { Flow } from '../flow.ts'
import { buildSettingsForm } from '../settings/form.ts'
import { insertFlow, saveFlow } from '../store.ts'
import { pageUrl, publicUrl } from '../urls.ts'
import { markVerified, verifiedIdentity } from '../verification/mark.ts'
import { flowView } from '../view.ts'

/** Signs the owner in and leads to the settings, where a new password can be set. */
export async function finishRecovery(
  turn: Turn,
  outcome: Exclude<RecoveryOutcome, Stay>,
  method: string,
): Promise<Reply> {
  if ('reply' in outcome) return outcome.reply
  const { ctx, call, flow } = turn
  const { proof, verified } = outcome
  const { id, state } = outcome.identity.document
  if (state !== 'active') throw ApiError.unauthorized({ reason: 'This account is switched off.' })
  const hooks = hooksAfter(ctx, 'recovery', method)
  await callWebHooks(
    turn,
    hooks.filter(isAskedFirst),
    verified ? verifiedIdentity(ctx, outcome.identity, verified.via, verified.value) : outcome.identity,
  )
  const identity = (verified && (await markVerified(ctx, id, verified.via, verified.value))) ?? outcome.identity
  await callWebHooks(
    turn,
    hooks.filter((hook) => !isAskedFirst(hook)),
    identity,
  )
  if (hooks.some(({ hook }) => hook === 'revoke_active_sessions')) await revokeOthers(ctx, id)
  const carrier = flow.type === 'api' ? 'token' : 'cookie'
  const { session, token } = await issueSession(ctx, call, { identityId: id, proofs: [proof], carrier })
  if (flow.type === 'browser') flow.csrfToken = call.csrf.rotate()
  flow.state = 'passed_challenge'
  flow.identityId = id
  clearMessages(flow.ui)
  if (flow.type === 'browser') setCsrf(flow.ui, flow.csrfToken)
  await saveFlow(ctx, flow)
  const settings = await settingsAfter(turn, { session, identity })
  const cookies = flow.type === 'browser' ? [sessionCookie(ctx, token)] : []
  if (!speaksJson(call, flow.type)) return redirect(pageUrl(ctx, settings), 303, { cookies })
  const show = { action: 'show_settings_ui', flow: { id: settings.id, url: pageUrl(ctx, settings) } }
  flow.continueWith =
    flow.type === 'api' ? [{ action: 'set_ory_session_token', ory_session_token: token }, show] : [show]
  flow.transientPayload ??= {}
  return json(200, flowView(flow), { cookies })
}

/** A settings flow that says how long a password can be set without signing in once more. */
async function settingsAfter(
  { ctx, call, flow }: Turn,
  signed: Parameters<typeof buildSettingsForm>[2],
): Promise<Flow> {
  const settings = newFlow(ctx, call, 'settings', flow.type, flow.returnTo)
  settings.requestUrl =
    publicUrl(ctx, call.target.slice(1)) + (flow.returnTo ? `&return_to=${encodeURIComponent(flow.returnTo)}` : '')
  settings.identityId = signed.identity.document.id
  await buildSettingsForm(ctx, settings, signed)
  const until =
    signed.session.authenticatedAt + ctx.config.identity.selfservice.flows.settings.privileged_session_max_age
  const context = {
    privilegedSessionExpiresAt: timestamp(until),
    privileged_session_expires_at: timestamp(until),
    privileged_session_expires_at_unix: Math.floor(until / 1000),
  }
  addMessage(settings.ui, uiText(1060001, context))
  await insertFlow(ctx, settings)
  return settings
}
