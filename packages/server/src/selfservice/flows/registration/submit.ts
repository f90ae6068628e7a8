import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import type { Signed } from '../../../session/index.ts'
import type { RegistrationOutcome } from '../../turn.ts'
import { clearMessages, setCsrf } from '../../ui/container.ts'
import { speaksJson } from '../answer.ts'
import { newFlow, requireEnabled } from '../begin.ts'
import { textField } from '../body.ts'
import { expiryContext, replaceExpired } from '../expired.ts'
import type { Flow } from '../flow.ts'
import { destination } from '../return-to.ts'
import { type Submission, submitFlow } from '../submit.ts'
import { finishRegistration } from './finish.ts'
import { buildRegistrationForm, sortRegistration } from './form.ts'

const registration: Submission<RegistrationOutcome> = {
  name: 'registration',
  noMethod: uiText(4010003),
  againStatus: 302,
  guard,
  restart,
  method({ body }) {
    // Fields of one method only pick it, whatever else the body says; here these methods are switched off.
    if (textField(body, 'provider')) throw ApiError.notFound({ reason: 'There is no such sign-in provider.' })
    if (textField(body, 'passkey_register')) throw ApiError.notFound({ reason: 'Passkeys are switched off.' })
    // The button that leads back carries no method.
    return textField(body, 'method') || (textField(body, 'screen') ? 'profile' : '')
  },
  clear: ({ flow }) => clearMessages(flow.ui),
  arrange({ ctx, flow }) {
    setCsrf(flow.ui, flow.csrfToken)
    sortRegistration(ctx, flow)
  },
  finish: finishRegistration,
}

/** Takes a submission of a sign-up form (`POST /self-service/registration`). */
export function submitRegistration(ctx: Context, call: Call): Promise<Reply> {
  return submitFlow(ctx, call, registration)
}

async function guard(ctx: Context, call: Call, flow: Flow, signed: Signed | undefined): Promise<Reply | undefined> {
  requireEnabled(ctx, 'registration')
  if (!signed) return undefined
  if (speaksJson(call, flow.type)) throw ApiError.sessionAlreadyAvailable()
  return redirect(destination(ctx, undefined), 302)
}

async function restart(ctx: Context, call: Call, expired: Flow): Promise<Reply> {
  const fresh: Flow = {
    ...newFlow(ctx, call, 'registration', expired.type, expired.returnTo),
    requestUrl: expired.requestUrl,
    organizationId: expired.organizationId,
    schemaId: expired.schemaId,
    continueUrl: expired.continueUrl,
  }
  await buildRegistrationForm(ctx, fresh)
  return replaceExpired(ctx, call, expired, fresh, uiText(4040001, expiryContext(expired)))
}
