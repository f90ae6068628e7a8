import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { resolveSession, type Signed, unauthenticated } from '../../../session/index.ts'
import { resumableSubmission } from '../../flow/continuity.ts'
import { expiryContext } from '../../flow/expiry.ts'
import type { Flow } from '../../flow/flow.ts'
import { publicUrl, startPageUrl } from '../../flow/urls.ts'
import type { Outcome } from '../../outcome.ts'
import { clearFieldMessages, setCsrf } from '../../ui/container.ts'
import { replaceExpired } from '../replace-flow.ts'
import { type SubmissionRules, type Submitted, submitFlow } from '../submission.ts'
import { changeSettings } from './change.ts'
import { refuseWeakSession } from './guard.ts'

const noMethod = uiText(4010004)

const settings: SubmissionRules<'settings'> = {
  name: 'settings',
  explains404: true,
  restart: restartSettings,
  guard: requireOwner,
  resumable: resumableSubmission,
  noMethod,
  finish: changeSettings,
  mistake: {
    clear(flow, error) {
      clearFieldMessages(flow.ui)
      const isNoMethod = error.messages.some(({ id }) => id === noMethod.id)
      const isAboutFields = error.messages.length === 0 && flow.state !== 'success'
      if (isNoMethod || isAboutFields || error.replacesMessages) delete flow.ui.messages
    },
    arrange({ flow, form }) {
      setCsrf(flow.ui, flow.csrfToken)
      form.sort()
    },
  },
}

/** Takes a submission of a settings form, or one that waited for a sign-in. */
export function submitSettings(ctx: Context, request: Call): Promise<Submitted<'settings'>> {
  return submitFlow(ctx, request, settings)
}

async function restartSettings(ctx: Context, request: Call, expired: Flow): Promise<Outcome> {
  const signed = await resolveSession(ctx, request)
  const early = await requireOwner(ctx, request, { flow: expired, signed })
  if (early) return early
  const message = uiText(4050001, expiryContext(expired))
  return replaceExpired(ctx, request, expired, { message, keeps: { identityId: expired.identityId }, signed })
}

/** Only its own person submits a settings flow. */
async function requireOwner(
  ctx: Context,
  _request: Call,
  { flow, signed }: { flow: Flow; signed: Signed | undefined },
): Promise<Outcome | undefined> {
  if (!signed)
    return {
      type: 'refused',
      error: unauthenticated(),
      location: startPageUrl(ctx, 'login'),
      redirectStatus: 302,
    }
  if (flow.identityId !== signed.identity.document.id) throw ApiError.identityMismatch()
  return refuseWeakSession(ctx, signed, `${publicUrl(ctx, 'self-service/settings')}?flow=${flow.id}`)
}
