import { ApiError, uiText } from '@latchkey/api'
import { recordFailure } from '../flow/events.ts'
import { type Flow, FlowError, type FlowName } from '../flow/flow.ts'
import { noteError, noteStep } from '../flow/steps.ts'
import { showChallenge } from '../limits/index.ts'
import type { Step, SubmissionContext } from '../method.ts'
import { methods } from '../methods/index.ts'
import type { Outcome } from '../outcome.ts'
import { addFieldMessage, addMessage, clearMessages, fillForm, setCsrf } from '../ui/container.ts'
import { restoreForm } from './forms.ts'
import { showForm } from './show-form.ts'
import type { SubmissionRules } from './submission-rules.ts'

/** Shows the form with what is wrong. Throws errors that are not for the form. */
export async function refuseSubmission<Name extends FlowName>(
  submission: SubmissionContext<Name>,
  rules: SubmissionRules<Name>,
  { method, error }: { method: string; error: unknown },
): Promise<Outcome> {
  await recordMistake(submission, method, error)
  const mistake = asMistake(error)
  if (!mistake) throw error
  return showMistake(submission, rules, mistake, mistake.method ?? method)
}

/** Converts invalid input (400) to an error shown in the form, as in Kratos. Other errors end the submission. */
function asMistake(error: unknown): FlowError | undefined {
  if (error instanceof FlowError) return error
  if (!(error instanceof ApiError) || error.httpStatus !== 400) return undefined
  return new FlowError({ messages: [uiText(4000001, { reason: error.reason ?? error.message })] })
}

/**
 * Records rejected submissions. Unexpected errors are logged where the response is created, and a server that is too
 * busy has judged nothing.
 */
async function recordMistake({ ctx, flow }: SubmissionContext, method: string, error: unknown): Promise<void> {
  if (error instanceof FlowError) {
    const ids = [...error.messages, ...error.fields.map(({ message }) => message)].map(({ id }) => id)
    noteStep(ctx, flow, 'rejected', { messages: ids, outcome: 'refused' })
    await recordFailure(ctx, flow, { method, reason: ids.join(' ') })
  } else if (error instanceof ApiError && error.httpStatus < 500) {
    noteError(ctx, flow, error)
    await recordFailure(ctx, flow, { method, reason: error.content.id ?? String(error.httpStatus) })
  } else noteError(ctx, flow, error)
}

async function showMistake<Name extends FlowName>(
  submission: SubmissionContext,
  { mistake }: SubmissionRules<Name>,
  error: FlowError,
  method: string,
): Promise<Outcome> {
  const { ctx, request, flow, form, submittedValues } = submission
  await restoreForm(ctx, flow)
  if (mistake.clear) mistake.clear(submission, method, error)
  else clearMessages(flow.ui)
  mistake.prepare?.(submission, error)
  stepOf(flow, method)?.showMistake?.(submission)
  if (!error.keepsForm) fillForm(flow.ui, submittedValues)
  for (const message of error.messages) addMessage(flow.ui, message)
  for (const { field, message } of error.fields) addFieldMessage(flow.ui, field, message)
  if (flow.type === 'browser' && method && !error.method) setCsrf(flow.ui, request.csrf.knownFormToken())
  showChallenge(submission, flow.challenge)
  if (mistake.setsActive) flow.active = method || 'default'
  form.sort()
  return showForm(submission, { status: 400, redirectStatus: mistake.redirectStatus })
}

function stepOf(flow: Flow, name: string): Step<unknown> | undefined {
  return methods.find((method) => method.name === name)?.[flow.name] as Step<unknown> | undefined
}
