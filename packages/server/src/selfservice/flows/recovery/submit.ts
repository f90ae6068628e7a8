import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { textField } from '../../flow/body.ts'
import { expiryContext } from '../../flow/expiry.ts'
import { type Flow, FlowError, isChoosingAddress } from '../../flow/flow.ts'
import { destination } from '../../flow/return-to.ts'
import { flowUrl, pageUrl, retryUrl } from '../../flow/urls.ts'
import type { Recovered, ReplaceFlow, SubmissionContext } from '../../method.ts'
import { methods, requireSwitchedOn } from '../../methods/index.ts'
import type { Outcome } from '../../outcome.ts'
import { requireEnabled } from '../begin-flow.ts'
import { confirmLink } from '../confirm-link.ts'
import { replaceExpired, storeFresh } from '../replace-flow.ts'
import { requireCsrf, type Submitted, submitFlow } from '../submission.ts'
import type { ChosenStep, SubmissionRules } from '../submission-rules.ts'
import { recover } from './recover.ts'
import { leadToReplacement, usesContinueWith } from './transitions.ts'

const recovery: SubmissionRules<'recovery'> = {
  name: 'recovery',
  has404Reason: true,
  restart: restartRecovery,
  async guard(ctx, request, { flow }) {
    requireEnabled(ctx, 'recovery')
    return confirmLink(ctx, request, flow)
  },
  opens: (request) => Boolean(request.search.get('token')),
  noMethod: uiText(4010005),
  firstCandidate: (flow) => methods.find(({ recovery: step }) => step?.isAsked(flow))?.name,
  choose,
  requireCsrf: requireOwnCsrf,
  finish,
  mistake: { setsActive: true },
}

/** Handles a submission of a recovery form or a recovery link. */
export function submitRecovery(ctx: Context, request: Call): Promise<Submitted<'recovery'>> {
  return submitFlow(ctx, request, recovery)
}

async function restartRecovery(ctx: Context, request: Call, expired: Flow): Promise<Outcome> {
  const message = uiText(4060005, expiryContext(expired))
  const isRead = expired.type === 'browser' ? request.wantsJson : !usesContinueWith(ctx)
  if (isRead) {
    const fresh = await storeFresh(ctx, request, expired, { message, keepsUrl: true })
    return { type: 'redirected', location: flowUrl(ctx, fresh) }
  }
  return replaceExpired(ctx, request, expired, { message, details: showRecovery })
}

/**
 * Selects the method. As in Kratos, each candidate method prechecks the body, in order, up to the selected one. If the
 * user is already signed in, only submissions with a code or link token are accepted.
 */
async function choose(submission: SubmissionContext<'recovery'>): Promise<ChosenStep<'recovery'> | Outcome> {
  const { ctx, flow, body, signed } = submission
  for (const method of methods) {
    const { name, recovery: step } = method
    if (!step?.isAsked(flow)) continue
    const isClaimed = method.claims?.(submission) ?? false
    if (submission.source === 'form') {
      step.precheck(submission)
      const refused = step.checksCsrfFirst && (await refuseForgery(submission))
      if (refused) return refused
      if (signed && (!isClaimed || isChoosingAddress(flow))) return alreadySignedIn(ctx)
    }
    if (!isClaimed && textField(body, 'method') !== name) continue
    requireSwitchedOn(ctx, method)
    return { name, step }
  }
  throw new FlowError({ messages: [recovery.noMethod] })
}

function alreadySignedIn(ctx: Context): Outcome {
  return { type: 'refused', error: ApiError.sessionAlreadyAvailable(), location: destination(ctx, undefined) }
}

/**
 * Checks the anti-CSRF token. If a browser submits an API flow (400), the flow is replaced by a browser flow. Other
 * violations are thrown.
 */
async function refuseForgery(submission: SubmissionContext<'recovery'>): Promise<Outcome | undefined> {
  const { ctx, request, flow } = submission
  if (flow.isUnbound) return undefined
  try {
    requireCsrf(submission)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    request.csrf.rotate()
    if (error.httpStatus !== 400) throw error
    const { reason = '', details } = error.content
    const fresh = await storeFresh(ctx, request, { ...flow, type: 'browser' }, { message: uiText(4000001, { reason }) })
    return replacedBy(submission, fresh, { reason, details })
  }
}

function requireOwnCsrf(submission: SubmissionContext<'recovery'>): void {
  const { flow, body } = submission
  // A flow that has been completed is only replaced.
  if (flow.state === 'passed_challenge' || (flow.isUnbound && !textField(body, 'email'))) return
  requireCsrf(submission)
}

async function finish(
  submission: SubmissionContext<'recovery'>,
  result: Recovered | ReplaceFlow,
  method: string,
): Promise<Outcome> {
  if (!('replaceFlow' in result)) return recover(submission, result, method)
  const { ctx, request, flow, source } = submission
  request.csrf.rotate()
  const fresh = await storeFresh(ctx, request, flow, { message: result.replaceFlow })
  if (source === 'link') return { type: 'redirected', location: pageUrl(ctx, fresh) }
  if (result.redirects) return { type: 'redirected', location: retryUrl(ctx, fresh) }
  return replacedBy(submission, fresh, { reason: 'This recovery cannot be used any more.' })
}

function replacedBy(
  { ctx, request }: SubmissionContext,
  fresh: Flow,
  { reason, details }: { reason: string; details?: Record<string, unknown> },
): Outcome {
  if (!usesContinueWith(ctx)) return leadToReplacement(ctx, request, fresh)
  return {
    type: 'replaced',
    fresh,
    error: ApiError.badRequest({ reason, details: { ...details, ...showRecovery(fresh) } }),
  }
}

function showRecovery(fresh: Flow): Record<string, unknown> {
  return { continue_with: [{ action: 'show_recovery_ui', flow: { id: fresh.id } }] }
}
