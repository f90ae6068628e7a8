import { uiText } from '@latchkey/api'
import { timestamp } from '../../../kernel/clock.ts'
import { issueSession, revokeOthers, type Signed, sessionCookie } from '../../../session/index.ts'
import { markVerified, verifiedIdentity } from '../../flow/address-status.ts'
import { newFlow } from '../../flow/create.ts'
import { recordSuccess } from '../../flow/events.ts'
import type { Flow } from '../../flow/flow.ts'
import { noteStep } from '../../flow/steps.ts'
import { insertFlow, saveFlow } from '../../flow/store.ts'
import { pageUrl, publicText } from '../../flow/urls.ts'
import { type HooksAfter, hooksAfter } from '../../hooks/index.ts'
import type { Recovered, SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { addMessage, clearMessages, setCsrf } from '../../ui/container.ts'
import { requireActive } from '../login/sign-in.ts'
import { settingsForm } from '../settings/form.ts'
import { leadToSettings, usesContinueWith } from './transitions.ts'

/** Signs in the owner and continues with a settings flow, in which a new password can be set. */
export async function recover(
  submission: SubmissionContext<'recovery'>,
  recovered: Recovered,
  method: string,
): Promise<Outcome> {
  const { ctx, request, flow, source } = submission
  const { verified } = recovered
  const { id } = recovered.identity.document
  if (recovered.identity.document.state !== 'active') {
    // The code is used, so the flow ends even if the identity is inactive.
    request.csrf.rotate()
    flow.state = 'passed_challenge'
    clearMessages(flow.ui)
    await saveFlow(ctx, flow)
    if (verified) await markVerified(ctx, id, verified.via, verified.value)
  }
  requireActive(recovered.identity)
  const hooks = hooksAfter(ctx, 'recovery', method)
  const proven = verified ? verifiedIdentity(ctx, recovered.identity, verified.via, verified.value) : recovered.identity
  await hooks.ask(submission, proven)
  const stored = await ctx.transaction((tx) => store({ ...submission, ctx: tx }, recovered, { hooks, method }))
  const { identity, session, token, settings } = stored
  await hooks.notify(submission, identity)
  // Links always redirect, independent of the client type.
  if (source === 'link')
    return { type: 'redirected', location: pageUrl(ctx, settings), cookies: [sessionCookie(ctx, token)], session }
  if (!usesContinueWith(ctx)) {
    const cookies = flow.type === 'browser' ? [sessionCookie(ctx, token)] : []
    return leadToSettings(ctx, request, { settings, session, cookies })
  }
  return { type: 'recovered', flow, session, token, settings }
}

async function store(
  submission: SubmissionContext<'recovery'>,
  { identity: before, proof, verified }: Recovered,
  { hooks, method }: { hooks: HooksAfter; method: string },
): Promise<Signed & { token: string; settings: Flow }> {
  const { ctx, request, flow } = submission
  const { id } = before.document
  const identity = (verified && (await markVerified(ctx, id, verified.via, verified.value))) ?? before
  if (hooks.has('revoke other sessions')) await revokeOthers(ctx, id)
  await recordSuccess(ctx, flow, { method, identityId: id })
  const carrier = flow.type === 'api' ? 'token' : 'cookie'
  const { session, token } = await issueSession(ctx, request, { identityId: id, proofs: [proof], carrier })
  if (flow.type === 'browser') flow.csrfToken = request.csrf.rotate(id)
  flow.state = 'passed_challenge'
  flow.identityId = id
  clearMessages(flow.ui)
  if (flow.type === 'browser') setCsrf(flow.ui, flow.csrfToken)
  noteStep(ctx, flow, 'completed', { identity_id: id, session_id: session.id, aal: session.aal, outcome: 'passed' })
  await saveFlow(ctx, flow)
  return { identity, session, token, settings: await beginSettingsAfter(submission, { session, identity }) }
}

/** Creates a settings flow with a message about how long the session is privileged. */
async function beginSettingsAfter(
  { ctx, request, flow }: SubmissionContext<'recovery'>,
  signed: Signed,
): Promise<Flow> {
  const { type, returnTo, language } = flow
  const requestUrl = publicText(ctx, request.target) + (returnTo ? `&return_to=${encodeURIComponent(returnTo)}` : '')
  const settings = newFlow(ctx, request, { name: 'settings', type, requestUrl, returnTo, language })
  settings.identityId = signed.identity.document.id
  await settingsForm.build(ctx, settings, signed)
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
