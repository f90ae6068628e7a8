import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import type { Signed } from '../../../session/index.ts'
import { expiryContext } from '../../flow/expiry.ts'
import type { Flow, FlowOf } from '../../flow/flow.ts'
import { destination } from '../../flow/return-to.ts'
import { decodeTraits } from '../../flow/traits.ts'
import { limitRegistrations } from '../../limits/index.ts'
import { availableSteps } from '../../methods/index.ts'
import type { Outcome } from '../../outcome.ts'
import { requireEnabled } from '../begin-flow.ts'
import { replaceExpired } from '../replace-flow.ts'
import { type Submitted, submitFlow } from '../submission.ts'
import type { SubmissionRules } from '../submission-rules.ts'
import { register } from './register.ts'
import { signInInstead } from './sign-in-instead.ts'

/** The rules for submissions of registration flows. */
export const registration: SubmissionRules<'registration'> = {
  name: 'registration',
  restart: restartRegistration,
  admit: refuseSignedIn,
  noMethod: uiText(4010003),
  // In Kratos, some methods validate every submission that no other method handles, at least its traits.
  checkUnhandled(submission) {
    decodeTraits(submission)
    for (const { step } of availableSteps(submission.ctx, submission.flow as FlowOf<'registration'>))
      step.checkUnhandled?.(submission)
  },
  async admitAttempt(submission) {
    await limitRegistrations(submission)
    return undefined
  },
  finish: (submission, result, method) =>
    'signInInstead' in result ? signInInstead(submission, result, method) : register(submission, result, method),
  mistake: { redirectStatus: 302 },
}

/** Handles a submission of a registration form. */
export function submitRegistration(ctx: Context, request: Call): Promise<Submitted<'registration'>> {
  return submitFlow(ctx, request, registration)
}

async function restartRegistration(ctx: Context, request: Call, expired: Flow): Promise<Outcome> {
  const { organizationId, schemaId, continueUrl } = expired
  const message = uiText(4040001, expiryContext(expired))
  return replaceExpired(ctx, request, expired, { message, keeps: { organizationId, schemaId, continueUrl } })
}

/** Rejects users who are signed in, because they already have an account. */
function refuseSignedIn(ctx: Context, signed: Signed | undefined): Outcome | undefined {
  requireEnabled(ctx, 'registration')
  if (!signed) return undefined
  const location = destination(ctx, undefined)
  return { type: 'refused', error: ApiError.sessionAlreadyAvailable(), location, redirectStatus: 302 }
}
