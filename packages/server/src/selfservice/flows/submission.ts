import { ApiError, type UiText } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { csrfViolation } from '../../kernel/http/index.ts'
import { isUuid } from '../../kernel/uuid.ts'
import { actingAsOwner, resolveSession, type Signed } from '../../session/index.ts'
import { type Body, decodeFields, handleClientError, parseBody, textField } from '../flow/body.ts'
import { recordFailure } from '../flow/events.ts'
import { type Flow, FlowError, type FlowName, type FlowOf } from '../flow/flow.ts'
import type { FlowRequest } from '../flow/request.ts'
import { findFlow, saveFlow } from '../flow/store.ts'
import type { ContinueFlow, Step, StepResults, SubmissionContext } from '../method.ts'
import { availableSteps, methods } from '../methods/index.ts'
import type { Outcome } from '../outcome.ts'
import { addFieldMessage, addMessage, fillForm } from '../ui/container.ts'
import type { Group } from '../ui/nodes.ts'
import { formOf, restoreForm } from './forms.ts'

type ResultOf<Name extends FlowName> = StepResults[Name]

/** How submissions of one flow are taken: its parts are in the order in which they are used. */
export interface SubmissionRules<Name extends FlowName> {
  readonly name: Name
  /** Whether the 404 of an unknown flow gives a reason. */
  readonly explains404?: boolean
  /** Takes a submission of an expired flow: a new one takes its place. */
  restart(ctx: Context, request: FlowRequest, flow: Flow): Promise<Outcome>
  /** Decides, before the body is parsed, whether the caller may submit; an outcome ends the submission. */
  guard?(
    ctx: Context,
    request: FlowRequest,
    of: { flow: Flow; signed: Signed | undefined },
  ): Promise<Outcome | undefined>
  /** Whether a GET on the form's address carries a secret of its own, as the links of messages do. */
  opens?(request: FlowRequest, flow: Flow): boolean
  /** A submission that was kept until its person had signed in again. */
  resumable?(request: FlowRequest, flow: Flow): Body | undefined
  /** Notes what is shown again whichever method is meant. */
  note?(submission: SubmissionContext): void
  /** The message where no method takes the body. */
  readonly noMethod: UiText
  /** Checks the anti-CSRF token where it differs from what is usual. */
  requireCsrf?(submission: SubmissionContext): void
  finish(submission: SubmissionContext<Name>, result: ResultOf<Name>, method: string): Promise<Outcome>
  /** How the form shows a mistake. */
  readonly mistake: {
    translate?(error: FlowError): FlowError
    /** Removes the messages of earlier mistakes. */
    clear(flow: Flow, error: FlowError): void
    /** Brings the form into order after the messages were put into it. */
    arrange?(submission: SubmissionContext): void
    /** What the answer says is active, where it differs from what is stored. */
    active?(error: FlowError): string | undefined
    readonly redirectStatus?: 302
  }
}

/** What a submission led to, and for which sort of client: the type of the flow, as far as one was found. */
export type Submitted<Name extends FlowName> = { readonly name: Name } & (
  | { outcome: Outcome; error?: undefined; type: Flow['type'] }
  | { outcome?: undefined; error: unknown; type: Flow['type'] | undefined }
)

/** Takes one submission of a flow: load, expiry, guard, body, method, anti-CSRF token, attempt, finish. */
export async function submitFlow<Name extends FlowName>(
  ctx: Context,
  request: FlowRequest,
  rules: SubmissionRules<Name>,
): Promise<Submitted<Name>> {
  const { name } = rules
  let flow: FlowOf<Name> | undefined
  try {
    flow = await requireFlow(ctx, rules, request.search.get('flow') ?? '')
    const signed = await resolveSession(ctx, request)
    if (flow.expiresAt <= ctx.clock.now())
      return { name, outcome: await rules.restart(ctx, request, flow), type: flow.type }
    const early = await rules.guard?.(ctx, request, { flow, signed })
    if (early) return { name, outcome: early, type: flow.type }
    const opened = rules.opens?.(request, flow) ?? false
    const acting = signed ? actingAsOwner(ctx, signed) : ctx
    const base = {
      ...{ ctx: acting, request, flow, signed, form: formOf(acting, flow, signed) },
      source: opened ? ('link' as const) : ('form' as const),
      ...{ body: {}, isForm: false, submittedValues: new Map() },
    }
    const outcome = await takeSubmission(base, rules)
    // Links are opened in a browser, even those of an app's flow.
    return { name, outcome, type: opened ? 'browser' : flow.type }
  } catch (error) {
    return { name, error, type: flow?.type }
  }
}

async function requireFlow<Name extends FlowName>(
  ctx: Context,
  { name, explains404 }: SubmissionRules<Name>,
  id: string,
): Promise<FlowOf<Name>> {
  if (!isUuid(id)) throw ApiError.badRequest({ reason: 'The parameter flow must be the id of a flow.' })
  // The form is restored once it is shown.
  const flow = await findFlow(ctx, name, id)
  if (!flow) throw ApiError.notFound(explains404 ? { reason: 'There is no such flow.' } : {})
  return flow
}

async function takeSubmission<Name extends FlowName>(
  base: SubmissionContext<Name>,
  rules: SubmissionRules<Name>,
): Promise<Outcome> {
  let submission = base
  let method = ''
  try {
    submission = { ...base, ...bodyOf(base, rules) }
    rules.note?.(submission)
    const { name, step } = chooseStep(submission, rules)
    method = name
    const attempt = await step.decode(submission, decodeFields(step.body, submission.body))
    ;(rules.requireCsrf ?? requireCsrf)(submission)
    const result = await attempt()
    if (isContinued(result)) return await showForm(submission, { status: result.continueFlow })
    return await rules.finish(submission, result, name)
  } catch (error) {
    await recordMistake(submission, method, error)
    if (!(error instanceof FlowError)) throw error
    return showMistake(submission, rules, rules.mistake.translate?.(error) ?? error)
  }
}

/** A GET on the address of a form opens a link, or resumes a submission that waited for a sign-in. */
function bodyOf<Name extends FlowName>(
  { request, flow, source }: SubmissionContext,
  rules: SubmissionRules<Name>,
): Pick<SubmissionContext, 'body' | 'isForm' | 'source'> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { ...parseBody(request), source }
  if (source === 'link') return { body: {}, isForm: false, source }
  const body = rules.resumable?.(request, flow)
  if (body) return { body, isForm: true, source: 'resumed' }
  throw handleClientError('The form is submitted by POST.')
}

/** The method that claims the body, else the one that the body names. */
function chooseStep<Name extends FlowName>(
  submission: SubmissionContext<Name>,
  { noMethod }: SubmissionRules<Name>,
): { name: string; step: Step<ResultOf<Name>> } {
  const { ctx, flow, body } = submission
  const claiming = methods.find((method) => method.claims?.(submission))
  const name = claiming?.name ?? textField(body, 'method')
  const found = availableSteps(ctx, flow).find(({ method }) => method.name === name)
  if (found) return { name, step: found.step as unknown as Step<ResultOf<Name>> }
  throw claiming?.switchedOff?.() ?? new FlowError({ messages: [noMethod] })
}

function isContinued(result: object): result is ContinueFlow {
  return 'continueFlow' in result
}

/** The form's token has to belong to the browser's cookie; apps have no cookies to misuse. */
export function requireCsrf({ request, flow, body, source }: SubmissionContext): void {
  if (source !== 'form') return
  if (flow.type !== 'browser') {
    if (request.header('origin') && request.header('cookie'))
      throw ApiError.csrf({ hint: 'A native flow must not be submitted by a page.' })
    return
  }
  const token = textField(body, 'csrf_token') || request.header('x-csrf-token')
  if (!request.csrf.accepts(token)) throw csrfViolation(request)
}

/** What was refused is recorded; what failed is logged where it is answered. */
async function recordMistake({ ctx, flow }: SubmissionContext, method: string, error: unknown): Promise<void> {
  if (error instanceof FlowError) {
    const ids = [...error.messages, ...error.fields.map(({ message }) => message)].map(({ id }) => id)
    await recordFailure(ctx, flow, { method, reason: ids.join(' ') })
  } else if (error instanceof ApiError) {
    await recordFailure(ctx, flow, { method, reason: error.content.id ?? String(error.httpStatus) })
  }
}

async function showMistake<Name extends FlowName>(
  submission: SubmissionContext,
  { mistake }: SubmissionRules<Name>,
  error: FlowError,
): Promise<Outcome> {
  const { ctx, flow, submittedValues } = submission
  await restoreForm(ctx, flow)
  mistake.clear(flow, error)
  if (!error.keepsForm) fillForm(flow.ui, submittedValues)
  for (const message of error.messages) addMessage(flow.ui, message)
  for (const { field, message } of error.fields)
    addFieldMessage(flow.ui, field, message, error.group as Group | undefined)
  mistake.arrange?.(submission)
  return showForm(submission, { status: 400, redirectStatus: mistake.redirectStatus, active: mistake.active?.(error) })
}

/** Stores the form as it is now and shows it. */
export async function showForm(
  { ctx, flow, signed }: Pick<SubmissionContext, 'ctx' | 'flow' | 'signed'>,
  how: { status: 200 | 400; redirectStatus?: 302; active?: string },
): Promise<Outcome> {
  await saveFlow(ctx, flow)
  const identity = flow.name === 'settings' ? signed?.identity : undefined
  return { type: 'shown', flow, identity, ...how }
}
