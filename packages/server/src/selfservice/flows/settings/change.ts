import { uiText } from '@latchkey/api'
import { changeIdentity, findIdentity, type Identity, IdentityConflict } from '../../../identity/index.ts'
import {
  forgetDevices,
  presentedToken,
  proveAgain,
  refuseActing,
  revokeOthers,
  type Signed,
  sessionCookie,
  unauthenticatedError,
} from '../../../session/index.ts'
import { transientPayload } from '../../flow/body.ts'
import { removedContinuityCookie } from '../../flow/continuity.ts'
import { successor } from '../../flow/create.ts'
import { recordSuccess } from '../../flow/events.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { copyInternalState } from '../../flow/internal-state.ts'
import { destination } from '../../flow/return-to.ts'
import { noteStep } from '../../flow/steps.ts'
import { insertFlow, saveFlow } from '../../flow/store.ts'
import { pageUrl } from '../../flow/urls.ts'
import { type HooksAfter, hooksAfter, returnUrls } from '../../hooks/index.ts'
import type { SettingsChange, SettingsPreview, SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { addMessage } from '../../ui/container.ts'
import { showForm } from '../show-form.ts'
import { type BegunVerification, beginVerifications, showsAllVerifications } from '../verification/send.ts'
import { askToSignIn } from './ask-to-sign-in.ts'
import { deferNewAddress } from './defer.ts'
import { settingsForm } from './form.ts'
import { isPrivileged } from './guard.ts'
import { notifyAuthenticatorAdded } from './notify-authenticator.ts'
import { notifyPreviousAddresses } from './notify-previous.ts'

/** Changes the identity in one transaction, and shows the form with the new values. */
export async function changeSettings(
  submission: SubmissionContext<'settings'>,
  outcome: SettingsChange | SettingsPreview,
  method: string,
): Promise<Outcome> {
  const { ctx, signed } = submission
  if (!signed) throw unauthenticatedError()
  if ('preview' in outcome) {
    outcome.preview()
    delete submission.flow.ui.messages
    submission.flow.transientPayload = transientPayload(submission.body)
    return showForm(submission, { status: 200 })
  }
  if (outcome.privileged || method !== 'profile') refuseActing(signed.session)
  if (outcome.privileged && !isPrivileged(ctx, signed.session)) return askToSignIn(submission, method)
  const hooks = hooksAfter(ctx, 'settings', method)
  const wanted = hooks.asks
    ? await hooks.ask({ ...submission, session: signed }, await outcome.change(signed.identity))
    : undefined
  const change: SettingsChange['change'] = async (before) => {
    const changed = await outcome.change(before)
    return wanted ? wanted(changed) : changed
  }
  if (hooks.find('verify_new_address')) {
    const deferred = await deferNewAddress(submission, signed, { after: await change(signed.identity), method })
    if (deferred) return deferred
  }
  const { identity, verifications } = await ctx
    .transaction((tx) => store({ ...submission, ctx: tx }, { ...outcome, change }, { signed, hooks, method }))
    .catch(explainConflict)
  const shown = hooks.has('show verification') || showsAllVerifications(ctx) ? verifications : []
  await showSuccess(submission, { ...signed, identity })
  await hooks.notify({ ...submission, session: { ...signed, identity } }, identity)
  return settingsChanged(submission, identity, { verifications: shown, method })
}

async function store(
  submission: SubmissionContext<'settings'>,
  { change, proof }: SettingsChange,
  { signed: { identity: before, session }, hooks, method }: { signed: Signed; hooks: HooksAfter; method: string },
): Promise<{ identity: Identity; verifications: BegunVerification[] }> {
  const { ctx, request, flow } = submission
  const id = before.document.id
  const changed = await changeIdentity(ctx, id, change)
  if (!changed) throw unauthenticatedError()
  if (proof) await proveAgain(ctx, request, session, proof)
  if (hooks.has('revoke other sessions')) await revokeOthers(ctx, id, session.id)
  if (method === 'password') await forgetDevices(ctx, id, request)
  await recordSuccess(ctx, flow, { method, identityId: id })
  await notifyPreviousAddresses(submission, hooks, { before, after: changed })
  await notifyAuthenticatorAdded(submission, hooks, { before, after: changed })
  const seen = new Set((before.document.verifiable_addresses ?? []).map(({ via, value }) => `${via} ${value}`))
  const added = (changed.document.verifiable_addresses ?? []).filter(({ via, value }) => !seen.has(`${via} ${value}`))
  if (added.length === 0) return { identity: changed, verifications: [] }
  const only = { ...changed, document: { ...changed.document, verifiable_addresses: added } }
  const verifications = await beginVerifications(submission, only)
  return { identity: (await findIdentity(ctx, id)) ?? changed, verifications }
}

function explainConflict(error: unknown): never {
  if (error instanceof IdentityConflict) throw new FlowError({ messages: [uiText(4000007)] })
  throw error
}

/**
 * Shows the form with the stored values. As in Kratos, its action refers to a new flow, which handles further
 * submissions of the form.
 */
async function showSuccess({ ctx, request, flow }: SubmissionContext<'settings'>, signed: Signed): Promise<void> {
  const next: Flow = { ...successor(ctx, request, flow), identityId: flow.identityId, csrfToken: flow.csrfToken }
  await settingsForm.build(ctx, next, signed)
  await insertFlow(ctx, next)
  flow.state = 'success'
  flow.ui = { ...next.ui, nodes: next.ui.nodes }
  copyInternalState(ctx, next, flow)
  delete flow.resumable
  addMessage(flow.ui, uiText(1050001))
  noteStep(ctx, flow, 'new_flow', { flow_id: next.id })
  noteStep(ctx, flow, 'completed', { identity_id: signed.identity.document.id, outcome: 'passed' })
  await saveFlow(ctx, flow)
}

function settingsChanged(
  { ctx, request, flow, source }: SubmissionContext<'settings'>,
  identity: Identity,
  { verifications, method }: { verifications: BegunVerification[]; method: string },
): Outcome {
  const [first] = verifications
  const urls = returnUrls(ctx, 'settings', method)
  const own = flow.returnTo || urls.some(Boolean) ? destination(ctx, flow.returnTo, ...urls) : pageUrl(ctx, flow)
  const cookies = flow.type === 'browser' ? [sessionCookie(ctx, presentedToken(ctx, request) ?? '')] : []
  if (source === 'resumed') cookies.unshift(removedContinuityCookie(ctx))
  return {
    type: 'settingsChanged',
    flow,
    identity,
    continueWith: verifications.map(({ continueWith }) => continueWith),
    location: first ? pageUrl(ctx, first.flow) : own,
    cookies,
  }
}
