import { ApiError, uiText } from '@latchkey/api'
import { findIdentity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { markVerified, verifiedIdentity } from '../../flow/address-status.ts'
import { textField } from '../../flow/body.ts'
import { recordSuccess } from '../../flow/events.ts'
import { expiryContext } from '../../flow/expiry.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { pageUrl, publicUrl } from '../../flow/urls.ts'
import { hooksAfter } from '../../hooks/index.ts'
import type { ReplaceFlow, SubmissionContext, VerifiedAddress } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { clearFieldMessages, setCsrf } from '../../ui/container.ts'
import { requireEnabled } from '../begin-flow.ts'
import { storeFresh } from '../replace-flow.ts'
import { requireCsrf, type SubmissionRules, type Submitted, showForm, submitFlow } from '../submission.ts'
import { showPassed } from './form.ts'

const noMethod = uiText(4010006)
const unreadableBody = 4000001

const verification: SubmissionRules<'verification'> = {
  name: 'verification',
  explains404: true,
  restart: restartVerification,
  async guard(ctx) {
    requireEnabled(ctx, 'verification')
    return undefined
  },
  opens: ({ method, search }, flow) =>
    method === 'GET' && Boolean(search.get('token') || (search.get('code') && flow.state === 'sent_email')),
  note({ body, submittedValues }) {
    const email = textField(body, 'email')
    if (email) submittedValues.set('email', email)
  },
  noMethod,
  requireCsrf: requireOwnCsrf,
  finish,
  mistake: {
    translate: (error) =>
      error.messages.some(({ id }) => id === unreadableBody) ? new FlowError({ messages: [noMethod] }) : error,
    clear: (flow) => clearFieldMessages(flow.ui),
    arrange: ({ flow }) => setCsrf(flow.ui, flow.csrfToken),
    active: (error) => (error.messages.some(({ id }) => id === noMethod.id) ? 'default' : undefined),
  },
}

/** Takes a submission of a verification form, or an opened link. */
export function submitVerification(ctx: Context, request: Call): Promise<Submitted<'verification'>> {
  return submitFlow(ctx, request, verification)
}

async function restartVerification(ctx: Context, request: Call, expired: Flow): Promise<Outcome> {
  request.csrf.rotate()
  const fresh = await storeFresh(ctx, request, expired, uiText(4070005, expiryContext(expired)))
  const isPage = expired.type === 'browser' && !request.wantsJson
  const address = `${publicUrl(ctx, 'self-service/verification/flows')}?id=${fresh.id}`
  return { type: 'redirected', location: isPage ? pageUrl(ctx, fresh) : address }
}

function requireOwnCsrf(submission: SubmissionContext<'verification'>): void {
  const { flow, body } = submission
  // An app's flow whose link was opened in a browser goes on there with that browser's token.
  const inBrowser = flow.type === 'api' && flow.csrfToken && textField(body, 'csrf_token')
  requireCsrf(inBrowser ? { ...submission, flow: { ...flow, type: 'browser' } } : submission)
}

async function finish(
  submission: SubmissionContext<'verification'>,
  result: VerifiedAddress | ReplaceFlow,
  method: string,
): Promise<Outcome> {
  if ('replaceFlow' in result) return replace(submission, result)
  const { ctx, request, flow, source } = submission
  const { identityId, via, value } = result
  const hooks = hooksAfter(ctx, 'verification', method)
  if (hooks.asks) {
    const before = await findIdentity(ctx, identityId)
    await hooks.ask(submission, before && verifiedIdentity(ctx, before, via, value))
  }
  const identity = await ctx.transaction(async (tx) => {
    await recordSuccess(tx, flow, { method, identityId })
    return markVerified(tx, identityId, via, value)
  })
  await hooks.notify(submission, identity)
  if (flow.type === 'browser' && source === 'link') flow.csrfToken = request.csrf.formToken()
  showPassed(ctx, flow)
  return showForm(submission, { status: 200 })
}

async function replace(
  { ctx, request, flow, source }: SubmissionContext<'verification'>,
  { replaceFlow: message }: ReplaceFlow,
): Promise<Outcome> {
  request.csrf.rotate()
  const fresh = await storeFresh(ctx, request, flow, message)
  if (source === 'link') return { type: 'redirected', location: pageUrl(ctx, fresh) }
  return { type: 'replaced', fresh, error: ApiError.flowReplaced(fresh.id) }
}
