import { ApiError, uiText } from '@latchkey/api'
import { changeIdentity, findIdentity, type Identity, IdentityConflict, publicView } from '../../../identity/index.ts'
import { json, type Reply, redirect, withCookies } from '../../../kernel/http/index.ts'
import { revokeOthers, type Signed, sessionCookie, unauthenticated } from '../../../session/index.ts'
import { hooksAfter, returnUrls } from '../../hooks/hooks.ts'
import { callWebHooks, isAskedFirst } from '../../hooks/web-hook.ts'
import type { SettingsOutcome, Turn } from '../../turn.ts'
import { addMessage } from '../../ui/container.ts'
import { speaksJson } from '../answer.ts'
import { newFlow } from '../begin.ts'
import { type Flow, FlowError } from '../flow.ts'
import { presentedCredential } from '../login/presented.ts'
import { destination } from '../return-to.ts'
import { insertFlow, saveFlow } from '../store.ts'
import { pageUrl, publicUrl } from '../urls.ts'
import { type Sent, sendVerification } from '../verification/send.ts'
import { flowView } from '../view.ts'
import { forgetCookie, keepSubmission } from './continuity.ts'
import { buildSettingsForm } from './form.ts'
import { isPrivileged } from './guard.ts'

/** Changes the identity, all or nothing, and shows the form with what it holds now. */
export async function finishSettings(turn: Turn, outcome: SettingsOutcome, method: string): Promise<Reply> {
  const { ctx, signed } = turn
  if (!signed) throw unauthenticated()
  if (outcome.privileged && !isPrivileged(ctx, signed.session)) return askToSignIn(turn, method)
  const hooks = hooksAfter(ctx, 'settings', method)
  const first = hooks.filter(isAskedFirst)
  const wanted = first.length > 0 ? await callWebHooks(turn, first, await outcome.change(signed.identity)) : undefined
  const change: SettingsOutcome['change'] = async (before) => {
    const changed = await outcome.change(before)
    return wanted ? wanted(changed) : changed
  }
  const { identity, sent } = await ctx
    .transaction((tx) => apply({ ...turn, ctx: tx }, change, signed))
    .catch(explainConflict)
  await callWebHooks(
    turn,
    hooks.filter((hook) => !isAskedFirst(hook)),
    identity,
  )
  if (hooks.some(({ hook }) => hook === 'revoke_active_sessions'))
    await revokeOthers(ctx, identity.document.id, signed.session.id)
  const shown = hooks.some(({ hook }) => hook === 'show_verification_ui') ? sent : []
  return answer(turn, { ...signed, identity }, shown, method)
}

async function apply(
  turn: Turn,
  change: SettingsOutcome['change'],
  { identity: before }: Signed,
): Promise<{ identity: Identity; sent: Sent[] }> {
  const { ctx } = turn
  const id = before.document.id
  const changed = await changeIdentity(ctx, id, change)
  if (!changed) throw unauthenticated()
  const known = new Set((before.document.verifiable_addresses ?? []).map(({ via, value }) => `${via} ${value}`))
  const fresh = (changed.document.verifiable_addresses ?? []).filter(({ via, value }) => !known.has(`${via} ${value}`))
  if (fresh.length === 0) return { identity: changed, sent: [] }
  const only = { ...changed, document: { ...changed.document, verifiable_addresses: fresh } }
  const sent = await sendVerification(turn, only)
  return { identity: (await findIdentity(ctx, id)) ?? changed, sent }
}

function explainConflict(error: unknown): never {
  if (error instanceof IdentityConflict) throw new FlowError({ messages: [uiText(4000007)] })
  throw error
}

async function answer(turn: Turn, signed: Signed, sent: readonly Sent[], method: string): Promise<Reply> {
  const { ctx, call, flow } = turn
  await showSuccess(turn, signed)
  const page = sent[0] ? pageUrl(ctx, sent[0].flow) : undefined
  const to =
    page ??
    (flow.returnTo || returnUrls(ctx, 'settings', method).some(Boolean)
      ? destination(ctx, flow.returnTo, ...returnUrls(ctx, 'settings', method))
      : pageUrl(ctx, flow))
  const cookies = flow.type === 'browser' ? [sessionCookie(ctx, presentedCredential(ctx, call))] : []
  if (turn.resumed) cookies.unshift(forgetCookie(ctx))
  if (!speaksJson(call, flow.type)) return redirect(to, 303, { cookies })
  const verify = sent.map(({ continueWith }) => continueWith)
  if (flow.type === 'browser')
    flow.continueWith = [...verify, { action: 'redirect_browser_to', redirect_browser_to: to }]
  else if (verify.length > 0) flow.continueWith = verify
  return withCookies(json(200, flowView(flow, publicView(ctx, signed.identity))), cookies)
}

/**
 * The form with what is stored now. Its action names a flow of its own, as with Kratos: whoever goes on with the form
 * that was just answered continues there.
 */
async function showSuccess(turn: Turn, signed: Signed): Promise<void> {
  const { ctx, call, flow } = turn
  const next: Flow = {
    ...newFlow(ctx, call, 'settings', flow.type, flow.returnTo),
    requestUrl: flow.requestUrl,
    identityId: flow.identityId,
  }
  next.csrfToken = flow.csrfToken
  await buildSettingsForm(ctx, next, signed)
  await insertFlow(ctx, next)
  flow.state = 'success'
  flow.ui = { ...next.ui, nodes: next.ui.nodes }
  delete flow.kept
  addMessage(flow.ui, uiText(1050001))
  await saveFlow(ctx, flow)
}

/** Credentials are changed only by somebody who signed in lately; a browser's submission waits for that. */
async function askToSignIn(turn: Turn, method: string): Promise<Reply> {
  const { ctx, call, flow, body } = turn
  const login = publicUrl(ctx, 'self-service/login/browser')
  login.searchParams.set('refresh', 'true')
  login.searchParams.set('return_to', `${publicUrl(ctx, 'self-service/settings')}?flow=${flow.id}`)
  const cookies: string[] = []
  if (flow.type === 'browser' || method === 'profile') {
    cookies.push(keepSubmission(ctx, flow, body))
    await saveFlow(ctx, flow)
  }
  if (!speaksJson(call, flow.type)) return redirect(login.toString(), 303, { cookies })
  return json(403, ApiError.sessionRefreshRequired(login.toString()), { cookies })
}
