import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import type { Signed } from '../../../session/index.ts'
import { textField } from '../../flow/body.ts'
import { expiryContext } from '../../flow/expiry.ts'
import type { Flow } from '../../flow/flow.ts'
import { destination } from '../../flow/return-to.ts'
import { saveFlow } from '../../flow/store.ts'
import { newDeviceStep } from '../../methods/code/new-device.ts'
import type { Outcome } from '../../outcome.ts'
import { addMessage, clearMessages } from '../../ui/container.ts'
import { formOf, restoreForm } from '../forms.ts'
import { replaceExpired } from '../replace-flow.ts'
import { type Submitted, submitFlow } from '../submission.ts'
import type { SubmissionRules } from '../submission-rules.ts'
import { registerInstead } from './register-instead.ts'
import { signIn } from './sign-in.ts'

/** The rules for submissions of login flows. */
export const login: SubmissionRules<'login'> = {
  name: 'login',
  restart: restartLogin,
  guard: refuseSignedIn,
  noMethod: uiText(4010002),
  choose: ({ flow, body }) =>
    flow.internal?.new_device && textField(body, 'method') === 'code'
      ? { name: 'code', step: newDeviceStep }
      : undefined,
  finish: (submission, result, method) =>
    'registerInstead' in result
      ? registerInstead(submission, result, method)
      : signIn(submission, result, result.newDeviceBy ?? method),
  mistake: {},
}

/** Handles a submission of a login form. */
export function submitLogin(ctx: Context, request: Call): Promise<Submitted<'login'>> {
  return submitFlow(ctx, request, login)
}

/** Replaces an expired login flow by a new one with a message. */
async function restartLogin(ctx: Context, request: Call, expired: Flow): Promise<Outcome> {
  const { aal, refresh, organizationId, schemaId } = expired
  if (expired.testedProvider !== undefined) throw ApiError.notFound({ reason: 'The test has expired.' })
  const message = uiText(4010001, expiryContext(expired))
  return replaceExpired(ctx, request, expired, { message, keeps: { aal, refresh, organizationId, schemaId } })
}

/** Redirects users who are already signed in, unless the flow refreshes the session or steps up to AAL2. */
async function refuseSignedIn(
  ctx: Context,
  request: Call,
  { flow, signed }: { flow: Flow; signed: Signed | undefined },
): Promise<Outcome | undefined> {
  if (flow.testedProvider !== undefined) return undefined
  if (!signed) {
    if (flow.aal === 'aal2') throw ApiError.sessionAal1Required()
    return undefined
  }
  if (flow.refresh || (flow.aal === 'aal2' && signed.session.aal !== 'aal2')) return undefined
  if (flow.type === 'browser' && !request.wantsJson)
    return { type: 'redirected', location: destination(ctx, flow.loginChallenge && flow.returnTo) }
  await restoreForm(ctx, flow)
  formOf(ctx, flow, signed).sort()
  clearMessages(flow.ui)
  addMessage(flow.ui, uiText(4000001, { reason: 'You are already signed in.' }))
  await saveFlow(ctx, flow)
  return { type: 'shown', flow, status: 400 }
}
