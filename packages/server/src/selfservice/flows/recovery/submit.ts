import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { textField } from '../../flow/body.ts'
import { expiryContext } from '../../flow/expiry.ts'
import type { Flow } from '../../flow/flow.ts'
import { pageUrl, publicUrl } from '../../flow/urls.ts'
import type { Recovered, ReplaceFlow, SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { clearMessages } from '../../ui/container.ts'
import { requireEnabled } from '../begin-flow.ts'
import { replaceExpired, storeFresh } from '../replace-flow.ts'
import { requireCsrf, type SubmissionRules, type Submitted, submitFlow } from '../submission.ts'
import { recover } from './recover.ts'

const noMethod = uiText(4010005)

const recovery: SubmissionRules<'recovery'> = {
  name: 'recovery',
  explains404: true,
  restart: restartRecovery,
  async guard(ctx) {
    requireEnabled(ctx, 'recovery')
    return undefined
  },
  opens: (request) => Boolean(request.search.get('token')),
  noMethod,
  requireCsrf: requireOwnCsrf,
  finish,
  mistake: {
    clear: (flow) => clearMessages(flow.ui),
    active: (error) => (error.messages.some(({ id }) => id === noMethod.id) ? 'default' : undefined),
  },
}

/** Takes a submission of a recovery form, or an opened link. */
export function submitRecovery(ctx: Context, request: Call): Promise<Submitted<'recovery'>> {
  return submitFlow(ctx, request, recovery)
}

async function restartRecovery(ctx: Context, request: Call, expired: Flow): Promise<Outcome> {
  const message = uiText(4060005, expiryContext(expired))
  if (expired.type === 'browser' && request.wantsJson) {
    const fresh = await storeFresh(ctx, request, expired, message)
    return { type: 'redirected', location: `${publicUrl(ctx, 'self-service/recovery/flows')}?id=${fresh.id}` }
  }
  return replaceExpired(ctx, request, expired, { message, details: showRecovery })
}

function requireOwnCsrf(submission: SubmissionContext<'recovery'>): void {
  const { request, flow, body } = submission
  // A flow that an administrator made belongs to no browser until it is opened; its code is the secret.
  if (flow.csrfToken === '' && flow.type === 'browser') return
  try {
    requireCsrf(submission)
  } catch (error) {
    if (textField(body, 'method') === 'code') request.csrf.rotate()
    throw error
  }
}

async function finish(
  submission: SubmissionContext<'recovery'>,
  result: Recovered | ReplaceFlow,
  method: string,
): Promise<Outcome> {
  if (!('replaceFlow' in result)) return recover(submission, result, method)
  const { ctx, request, flow, source } = submission
  request.csrf.rotate()
  const fresh = await storeFresh(ctx, request, flow, result.replaceFlow)
  if (source === 'link') return { type: 'redirected', location: pageUrl(ctx, fresh) }
  const reason = 'This recovery cannot be used any more.'
  return { type: 'replaced', fresh, error: ApiError.badRequest({ reason, details: showRecovery(fresh) }) }
}

function showRecovery(fresh: Flow): Record<string, unknown> {
  return { continue_with: [{ action: 'show_recovery_ui', flow: { id: fresh.id } }] }
}
