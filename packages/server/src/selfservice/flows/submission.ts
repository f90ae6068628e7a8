import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, cookieNames, csrfViolation } from '../../kernel/http/index.ts'
import { sameText } from '../../kernel/keys.ts'
import { isUuid } from '../../kernel/uuid.ts'
import { actingAsOwner, resolveSession, type Signed } from '../../session/index.ts'
import { requireCaptcha } from '../captcha/index.ts'
import { decodeFields, parseBody, textField, unparsable } from '../flow/body.ts'
import { type Flow, FlowError, type FlowName, type FlowOf } from '../flow/flow.ts'
import { setFlowOf } from '../flow/flow-of-call.ts'
import { noteStep } from '../flow/steps.ts'
import { findFlow, saveFlow, saveSteps } from '../flow/store.ts'
import type { Attempt, ContinueFlow, LeaveFlow, Step, SubmissionContext } from '../method.ts'
import { availableSteps, isRefused, isSwitchedOn, methods, requireSwitchedOn } from '../methods/index.ts'
import type { Outcome } from '../outcome.ts'
import { nodeName, nodeValue } from '../ui/nodes.ts'
import { formOf } from './forms.ts'
import { refuseSubmission } from './mistake.ts'
import { reloadPage, showForm, showFormOrPage } from './show-form.ts'
import type { ChosenStep, ResultOf, SubmissionRules } from './submission-rules.ts'

/** The result of a submission, and the client type: the type of the flow, undefined if no flow was found. */
export type Submitted<Name extends FlowName> = { readonly name: Name } & (
  | { outcome: Outcome; error?: undefined; type: Flow['type'] }
  | { outcome?: undefined; error: unknown; type: Flow['type'] | undefined }
)

/** Handles a submission: flow lookup, expiry, guard, body, method, anti-CSRF token, attempt, finish. */
export async function submitFlow<Name extends FlowName>(
  ctx: Context,
  request: Call,
  rules: SubmissionRules<Name>,
): Promise<Submitted<Name>> {
  const { name } = rules
  let flow: FlowOf<Name> | undefined
  try {
    const signed = await resolveSession(ctx, request)
    const rejection = rules.admit?.(ctx, signed)
    if (rejection) return { name, outcome: rejection, type: 'browser' }
    flow = await requireFlow(ctx, rules, request.search.get('flow') ?? '')
    noteSubmission(ctx, request, { flow, signed })
    if (isExpired(ctx, flow)) return { name, outcome: await rules.restart(ctx, request, flow, signed), type: flow.type }
    const early = await rules.guard?.(ctx, request, { flow, signed })
    if (early) return { name, outcome: early, type: flow.type }
    const opened = rules.opens?.(request, flow, ctx) ?? false
    const acting = signed ? actingAsOwner(ctx, signed) : ctx
    const base = {
      ...{ ctx: acting, request, flow, signed, form: formOf(acting, flow, signed) },
      source: opened ? ('link' as const) : ('form' as const),
      ...{ body: {}, submittedValues: new Map() },
    }
    const outcome = await takeSubmission(base, rules)
    // Links are opened in a browser, even in API flows.
    return { name, outcome, type: opened ? 'browser' : flow.type }
  } catch (error) {
    return { name, error, type: flow?.type }
  } finally {
    if (flow) await saveSteps(ctx, flow)
  }
}

/** Notes what a submission begins with, for an administrator. */
export function noteSubmission(
  ctx: Context,
  request: Call,
  { flow, signed }: { flow: Flow; signed: Signed | undefined },
): void {
  setFlowOf(request, flow)
  noteStep(ctx, flow, 'submitted', { request: request.id })
  if (signed) noteStep(ctx, flow, 'session', { identity_id: signed.identity.document.id, aal: signed.session.aal })
  if (isExpired(ctx, flow)) noteStep(ctx, flow, 'expired', { outcome: 'refused' })
}

/** Whether a flow has expired, so that it can be neither submitted nor read. */
export function isExpired(ctx: Context, flow: Flow): boolean {
  return flow.expiresAt <= ctx.clock.now()
}

async function requireFlow<Name extends FlowName>(
  ctx: Context,
  { name, has404Reason }: SubmissionRules<Name>,
  id: string,
): Promise<FlowOf<Name>> {
  if (!isUuid(id)) throw ApiError.badRequest({ reason: 'The parameter flow must be the id of a flow.' })
  // The form is restored when it is shown.
  const flow = await findFlow(ctx, name, id)
  if (!flow) throw ApiError.notFound(has404Reason ? { reason: 'There is no such flow.' } : {})
  return flow
}

async function takeSubmission<Name extends FlowName>(
  base: SubmissionContext<Name>,
  rules: SubmissionRules<Name>,
): Promise<Outcome> {
  let submission = base
  let method = ''
  try {
    submission = { ...base, ...parsedBody(base, rules) }
    const chosen = (await rules.choose?.(submission)) ?? chooseStep(submission, rules)
    if ('type' in chosen) return chosen
    const { name, step } = chosen
    method = name
    noteStep(submission.ctx, submission.flow, 'method', { method: name })
    const attempt = await step.decode(submission, decodeFields(step.body, submission.body))
    ;(rules.requireCsrf ?? requireCsrf)(submission)
    noteStep(submission.ctx, submission.flow, 'anti_csrf', { outcome: 'passed' })
    if (isSwitchedOn(submission.ctx, { name: 'captcha' })) await requireCaptcha(submission, name)
    const denied = await rules.admitAttempt?.(submission, name)
    if (denied) return denied
    return await finishAttempt(submission, rules, { method, attempt })
  } catch (error) {
    return refuseSubmission(submission, rules, { method, error })
  }
}

/** Carries on a flow with an attempt of a method whose input is not the form of the flow. */
export async function carryOn<Name extends FlowName>(
  submission: SubmissionContext<Name>,
  rules: SubmissionRules<Name>,
  of: { method: string; attempt: Attempt<ResultOf<Name>> },
): Promise<Outcome> {
  try {
    return await finishAttempt(submission, rules, of)
  } catch (error) {
    return refuseSubmission(submission, rules, { ...of, error })
  }
}

async function finishAttempt<Name extends FlowName>(
  submission: SubmissionContext<Name>,
  rules: SubmissionRules<Name>,
  { method, attempt }: { method: string; attempt: Attempt<ResultOf<Name>> },
): Promise<Outcome> {
  const result = await attempt()
  if ('reloadPage' in result) return reloadPage(submission)
  if (isContinued(result)) {
    const show = rules.redirectsToPage ? showFormOrPage : showForm
    return show(submission, { status: result.continueFlow })
  }
  const { ctx, flow } = submission
  if (!leaves(result)) {
    noteStep(ctx, flow, 'accepted', { method })
    return rules.finish(submission, result, method)
  }
  flow.active = method
  noteStep(ctx, flow, 'provider', { method })
  await saveFlow(ctx, flow)
  return { type: 'left', location: result.leaveFor, cookies: result.cookies ?? [] }
}

/** Parses the body. If `firstCandidate` finds no method, an unparsable body is reported as `noMethod`. */
function parsedBody<Name extends FlowName>(submission: SubmissionContext<Name>, rules: SubmissionRules<Name>) {
  try {
    return bodyOf(submission, rules)
  } catch (error) {
    if (!rules.firstCandidate || !(error instanceof FlowError)) throw error
    const method = rules.firstCandidate(submission.flow)
    throw new FlowError(method ? { messages: error.messages, method } : { messages: [rules.noMethod] })
  }
}

/** A GET on the submit URL opens a link, or resumes a submission that was stored until the user signed in again. */
function bodyOf<Name extends FlowName>(
  { request, flow, source }: SubmissionContext,
  rules: SubmissionRules<Name>,
): Pick<SubmissionContext, 'body' | 'source'> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { body: parseBody(request), source }
  if (source === 'link') return { body: {}, source }
  const body = rules.resumable?.(request, flow)
  if (body) return { body, source: 'resumed' }
  throw unparsable('The form is submitted by POST.')
}

/** Selects the method that claims the body, or the one specified in the body. */
function chooseStep<Name extends FlowName>(
  submission: SubmissionContext<Name>,
  { noMethod, checkUnhandled }: SubmissionRules<Name>,
): ChosenStep<Name> {
  const { ctx, flow, body } = submission
  const claiming = methods.find((method) => method.claims?.(submission))
  const name = claiming?.name ?? textField(body, 'method')
  const steps = availableSteps(ctx, flow)
  const found = steps.find(({ method }) => method.name === name)
  if (found && (claiming || (found.method.isChosenByName?.(flow) ?? true)))
    return { name, step: found.step as unknown as Step<ResultOf<Name>> }
  if (claiming?.switchedOff) throw claiming.switchedOff()
  if (claiming && isRefused(ctx, claiming, flow)) requireSwitchedOn(ctx, claiming)
  const named = methods.find((method) => method.name === name)
  const isOff = named !== undefined && isRefused(ctx, named, flow)
  // As in Kratos, methods that need a browser come after the check, and others before.
  if (!isOff || named[flow.name]?.isForBrowsers) checkUnhandled?.(submission)
  if (isOff) requireSwitchedOn(ctx, named)
  // As in Kratos, the method that asks first takes whatever no other method takes, also to sign in again.
  const first = availableSteps(ctx, { ...flow, refresh: false }).find(({ method }) => method.asksFirst)
  if (first) return { name: first.method.name, step: first.step as unknown as Step<ResultOf<Name>> }
  throw new FlowError({ messages: [noMethod], keepsForm: true })
}

function isContinued(result: object): result is ContinueFlow {
  return 'continueFlow' in result
}

function leaves(result: object): result is LeaveFlow {
  return 'leaveFor' in result
}

/** Requires that the form's token matches the browser's cookie. API flows have no token, but must not use a browser. */
export function requireCsrf({ request, flow, body, source }: SubmissionContext): void {
  if (source !== 'form') return
  const token = textField(body, 'csrf_token') || request.header('x-csrf-token')
  if (flow.testedProvider !== undefined) requireFormToken(flow, token, request)
  else if (flow.type === 'api') refuseBrowser(request)
  else if (!request.csrf.accepts(token)) throw csrfViolation(request)
}

/** The flow of an administrator belongs to no browser, so that the token of its form is a secret by itself. */
function requireFormToken({ ui }: Flow, token: string | undefined, request: Call): void {
  const own = ui.nodes.find((node) => nodeName(node) === 'csrf_token')
  if (!own || !token || !sameText(String(nodeValue(own)), token)) throw csrfViolation(request)
}

/** API flows have no anti-CSRF token, so browsers must not submit them (EnsureCSRF in Kratos). */
function refuseBrowser(request: Call): void {
  if (request.header('origin'))
    throw ApiError.badRequest({ reason: 'A flow that an app began must not be submitted by a page (Origin header).' })
  const names = cookieNames(request.header('cookie')).filter((name) => !/^(__cf|_cf|cf_)/.test(name))
  if (names.length === 0) return
  const reason = 'A flow that an app began must not be submitted by a browser (Cookie header).'
  throw ApiError.badRequest({ reason, details: { 'found cookies': names } })
}
