import { ApiError, uiText } from '@latchkey/api'
import { findIdentity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import type { Signed } from '../../../session/index.ts'
import { hasAddress, markVerified, verifiedIdentity } from '../../flow/address-status.ts'
import { textField } from '../../flow/body.ts'
import { recordSuccess } from '../../flow/events.ts'
import { expiryContext } from '../../flow/expiry.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { noteStep } from '../../flow/steps.ts'
import { flowUrl, pageUrl, retryUrl } from '../../flow/urls.ts'
import { hooksAfter } from '../../hooks/index.ts'
import type { ReplaceFlow, SubmissionContext, VerifiedAddress } from '../../method.ts'
import { methods, requireSwitchedOn } from '../../methods/index.ts'
import type { Outcome } from '../../outcome.ts'
import { withPendingChange } from '../../pending/change.ts'
import { setCsrf, upsert } from '../../ui/container.ts'
import { requireEnabled } from '../begin-flow.ts'
import { confirmLink } from '../confirm-link.ts'
import { storeFresh } from '../replace-flow.ts'
import { showFormOrPage } from '../show-form.ts'
import { requireCsrf, type Submitted, submitFlow } from '../submission.ts'
import type { ChosenStep, SubmissionRules } from '../submission-rules.ts'
import { applyPendingChange, notifySettings, pendingChangeOf, StaleChange, staleOr } from './apply-change.ts'
import { showPassed } from './form.ts'

const verification: SubmissionRules<'verification'> = {
  name: 'verification',
  has404Reason: true,
  restart: restartVerification,
  async guard(ctx, request, { flow }) {
    requireEnabled(ctx, 'verification')
    return confirmLink(ctx, request, flow)
  },
  opens: ({ method, search }, flow, ctx) => {
    const { confirm_url: page } = ctx.config.identity.selfservice.methods.link.config
    if (method !== 'GET' && page === undefined) return false
    return Boolean(search.get('token') || (method === 'GET' && search.get('code') && flow.state === 'sent_email'))
  },
  noMethod: uiText(4010006),
  firstCandidate: (flow) => methods.find(({ verification: step }) => step?.isAsked(flow))?.name,
  choose,
  requireCsrf: requireOwnCsrf,
  finish,
  redirectsToPage: true,
  mistake: {
    // Kratos keeps the messages of earlier submissions.
    clear: () => {},
    prepare: showAddressAgain,
    setsActive: true,
  },
}

/** Handles a submission of a verification form or a verification link. */
export function submitVerification(ctx: Context, request: Call): Promise<Submitted<'verification'>> {
  return submitFlow(ctx, request, verification)
}

async function restartVerification(
  ctx: Context,
  request: Call,
  expired: Flow,
  signed: Signed | undefined,
): Promise<Outcome> {
  request.csrf.rotate(signed?.identity.document.id)
  const message = uiText(4070005, expiryContext(expired))
  const fresh = await storeFresh(ctx, request, expired, { message, keepsUrl: true })
  const isPage = expired.type === 'browser' && !request.wantsJson
  return { type: 'redirected', location: isPage ? pageUrl(ctx, fresh) : flowUrl(ctx, fresh) }
}

/** Selects the method. As in Kratos, each candidate method prechecks the body, in order, up to the selected one. */
async function choose(submission: SubmissionContext<'verification'>): Promise<ChosenStep<'verification'>> {
  const { ctx, flow, body } = submission
  for (const method of methods) {
    const { name, verification: step } = method
    const isClaimed = method.claims?.(submission) ?? false
    if (!step || (!step.isAsked(flow) && (submission.source === 'form' || !isClaimed))) continue
    if (submission.source === 'form') step.precheck(submission)
    if (!isClaimed && textField(body, 'method') !== name) continue
    requireSwitchedOn(ctx, method)
    return { name, step }
  }
  throw new FlowError({ messages: [verification.noMethod] })
}

/** After an error in a body that was parsed, shows the address again, in the field of the first candidate method. */
function showAddressAgain({ request, flow, body }: SubmissionContext, error: FlowError): void {
  const asked = methods.find((method) => method.verification?.isAsked(flow))?.verification
  if (!asked || error.method) return
  setCsrf(flow.ui, request.csrf.knownFormToken())
  upsert(flow.ui, asked.addressField(textField(body, 'email')))
}

/** As in Kratos, submissions with a code need no anti-CSRF token, because the code is itself a secret. */
function requireOwnCsrf(submission: SubmissionContext<'verification'>): void {
  const { flow, body } = submission
  // Submissions of a completed flow have no effect.
  if (flow.state === 'passed_challenge' || (textField(body, 'code') && flow.active === 'code')) return
  requireCsrf(flow.openedInBrowser ? { ...submission, flow: { ...flow, type: 'browser' } } : submission)
}

async function finish(
  submission: SubmissionContext<'verification'>,
  result: VerifiedAddress | ReplaceFlow,
  method: string,
): Promise<Outcome> {
  if ('replaceFlow' in result) return replace(submission, result)
  const { ctx, request, flow, source } = submission
  const { identityId, via, value } = result
  const pending = await pendingChangeOf(ctx, flow, result)
  const hooks = hooksAfter(ctx, 'verification', method)
  if (hooks.asks) {
    const before = await findIdentity(ctx, identityId)
    const changed = before && pending ? withPendingChange(ctx, before, pending) : before
    await hooks.ask(submission, changed && verifiedIdentity(ctx, changed, via, value))
  }
  const applied = await ctx
    .transaction(async (tx) => {
      await recordSuccess(tx, flow, { method, identityId })
      if (pending) return applyPendingChange({ ...submission, ctx: tx }, pending)
      const identity = await markVerified(tx, identityId, via, value)
      // The address was removed after the message was sent, or belongs to a change that another one has replaced.
      if (!identity || !hasAddress(identity, via, value)) throw new StaleChange()
      return { identity }
    })
    .catch((error: unknown) => staleOr(error))
  if (applied === 'stale') return refuseProof(submission, method)
  const { identity } = applied
  if (flow.type === 'api') flow.csrfToken = request.csrf.knownFormToken()
  else if (source === 'link') flow.csrfToken = request.csrf.formToken()
  showPassed(ctx, flow)
  noteStep(ctx, flow, 'completed', { identity_id: identityId, outcome: 'passed' })
  const outcome = await showFormOrPage(submission, { status: 200 })
  await hooks.notify(submission, identity)
  await notifySettings(submission, applied)
  return outcome
}

/** A code or link that proves the address but cannot be used any more is answered like a wrong one, as in Kratos. */
function refuseProof(submission: SubmissionContext<'verification'>, method: string): Promise<Outcome> {
  if (method === 'link') return replace(submission, { replaceFlow: uiText(4070001) })
  submission.flow.ui.messages = [uiText(4070006)]
  return showFormOrPage(submission, { status: 200 })
}

async function replace(
  { ctx, request, flow, source, signed }: SubmissionContext<'verification'>,
  { replaceFlow: message, redirects }: ReplaceFlow,
): Promise<Outcome> {
  request.csrf.rotate(signed?.identity.document.id)
  const fresh = await storeFresh(ctx, request, flow, { message })
  if (source === 'link') return { type: 'redirected', location: pageUrl(ctx, fresh) }
  if (redirects) return { type: 'redirected', location: retryUrl(ctx, fresh) }
  return { type: 'replaced', fresh, error: ApiError.flowReplaced(fresh.id) }
}
