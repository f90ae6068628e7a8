import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { refuseActing, type Signed, unauthenticatedError } from '../../../session/index.ts'
import { resumableSubmission } from '../../flow/continuity.ts'
import { expiryContext } from '../../flow/expiry.ts'
import type { Flow } from '../../flow/flow.ts'
import { publicUrl, startPageUrl } from '../../flow/urls.ts'
import type { SubmissionContext } from '../../method.ts'
import { methods } from '../../methods/index.ts'
import type { Outcome } from '../../outcome.ts'
import { clearMessages, setCsrf } from '../../ui/container.ts'
import { replaceExpired } from '../replace-flow.ts'
import { type Submitted, submitFlow } from '../submission.ts'
import type { SubmissionRules } from '../submission-rules.ts'
import { askToSignIn } from './ask-to-sign-in.ts'
import { changeSettings } from './change.ts'
import { isPrivileged, refuseWeakSession } from './guard.ts'

/** The rules for submissions of settings flows. */
export const settings: SubmissionRules<'settings'> = {
  name: 'settings',
  has404Reason: true,
  restart: restartSettings,
  admit: requireSignedIn,
  guard: requireOwner,
  resumable: resumableSubmission,
  noMethod: uiText(4010004),
  admitAttempt: requireRecentSignIn,
  finish: changeSettings,
  mistake: {
    clear(submission, name, { isUnparsable }) {
      const step = methods.find((method) => method.name === name)?.settings
      if (!step?.keepsMessages && !isUnparsable) clearMessages(submission.flow.ui)
    },
    prepare: ({ request, flow }) => setCsrf(flow.ui, request.csrf.knownFormToken()),
  },
}

/** Handles a submission of a settings form, or resumes one after a sign-in. */
export function submitSettings(ctx: Context, request: Call): Promise<Submitted<'settings'>> {
  return submitFlow(ctx, request, settings)
}

async function restartSettings(
  ctx: Context,
  request: Call,
  expired: Flow,
  signed: Signed | undefined,
): Promise<Outcome> {
  const early = await requireOwner(ctx, request, { flow: expired, signed })
  if (early) return early
  const message = uiText(4050001, expiryContext(expired))
  return replaceExpired(ctx, request, expired, { message, keeps: { identityId: expired.identityId }, signed })
}

/** Requires a privileged session before the attempt, so that an older session cannot be used to guess secrets. */
async function requireRecentSignIn(
  submission: SubmissionContext<'settings'>,
  name: string,
): Promise<Outcome | undefined> {
  const { ctx, signed } = submission
  // Traits are all that an administrator can change, and of them none that people sign in with.
  if (signed && name !== 'profile') refuseActing(signed.session)
  const step = methods.find((method) => method.name === name)?.settings
  if (!step?.privileged || !signed || isPrivileged(ctx, signed.session)) return undefined
  return askToSignIn(submission, name)
}

function requireSignedIn(ctx: Context, signed: Signed | undefined): Outcome | undefined {
  if (signed) return undefined
  return { type: 'refused', error: unauthenticatedError(), location: startPageUrl(ctx, 'login'), redirectStatus: 302 }
}

/** Requires that the flow belongs to the identity of the session. */
async function requireOwner(
  ctx: Context,
  _request: Call,
  { flow, signed }: { flow: Flow; signed: Signed | undefined },
): Promise<Outcome | undefined> {
  if (!signed) return undefined
  if (flow.identityId !== signed.identity.document.id) throw ApiError.identityMismatch()
  return refuseWeakSession(ctx, signed, `${publicUrl(ctx, 'self-service/settings')}?flow=${flow.id}`)
}
