import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { showLoginRequest } from '../authorization/index.ts'
import { showCaptcha } from '../captcha/index.ts'
import type { Flow } from '../flow/flow.ts'
import { noteStep } from '../flow/steps.ts'
import { saveFlow } from '../flow/store.ts'
import { pageUrl } from '../flow/urls.ts'
import type { SubmissionContext } from '../method.ts'
import type { Outcome } from '../outcome.ts'

/** Stores the flow and sends the browser to its page; scripts are told to. */
export async function reloadPage({ ctx, flow }: SubmissionContext): Promise<Outcome> {
  await saveFlow(ctx, flow)
  const location = pageUrl(ctx, flow)
  return { type: 'refused', error: ApiError.locationChangeRequired(location), location }
}

/** Stores the flow and redirects clients that prefer HTML to its page; other clients, and opened links, get the form. */
export async function showFormOrPage(submission: SubmissionContext, how: { status: 200 | 400 }): Promise<Outcome> {
  const { ctx, request, flow, source } = submission
  if (!request.prefersPage || source !== 'form') return showForm(submission, how)
  if (ctx.config.identity.selfservice.methods.captcha?.enabled) showCaptcha(ctx, flow)
  noteForm(ctx, flow)
  await saveFlow(ctx, flow)
  return { type: 'redirected', location: pageUrl(ctx, flow) }
}

/** Stores the flow and returns it. */
export async function showForm(
  { ctx, flow, signed }: Pick<SubmissionContext, 'ctx' | 'flow' | 'signed'>,
  how: { status: 200 | 400; redirectStatus?: 302 },
): Promise<Outcome> {
  if (ctx.config.identity.selfservice.methods.captcha?.enabled) showCaptcha(ctx, flow)
  noteForm(ctx, flow)
  await saveFlow(ctx, flow)
  if (flow.loginChallenge !== undefined) await showLoginRequest(ctx, flow)
  const identity = flow.name === 'settings' ? signed?.identity : undefined
  return { type: 'shown', flow, identity, ...how }
}

/** Notes that the form is shown, with the IDs of its messages. */
function noteForm(ctx: Context, flow: Flow): void {
  const { messages = [], nodes } = flow.ui
  const ids = [...messages, ...nodes.flatMap((node) => node.messages)].map(({ id }) => id)
  noteStep(ctx, flow, 'shown', ids.length > 0 ? { messages: ids } : undefined)
}
