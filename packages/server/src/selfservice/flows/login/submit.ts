import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import type { Signed } from '../../../session/index.ts'
import type { LoginOutcome } from '../../turn.ts'
import { addMessage, clearMessages, setCsrf } from '../../ui/container.ts'
import { loginOrder, sortNodes } from '../../ui/sort.ts'
import { speaksJson } from '../answer.ts'
import { newFlow } from '../begin.ts'
import { textField } from '../body.ts'
import { expiryContext, replaceExpired } from '../expired.ts'
import type { Flow } from '../flow.ts'
import { destination } from '../return-to.ts'
import { type Submission, showAgain, submitFlow } from '../submit.ts'
import { finishLogin } from './finish.ts'
import { buildLoginForm } from './form.ts'

const login: Submission<LoginOutcome> = {
  name: 'login',
  noMethod: uiText(4010002),
  guard,
  restart: restartLogin,
  method({ body }) {
    if (textField(body, 'provider')) throw ApiError.notFound({ reason: 'There is no such sign-in provider.' })
    return textField(body, 'method')
  },
  clear: ({ flow }) => clearMessages(flow.ui),
  arrange({ flow }) {
    setCsrf(flow.ui, flow.csrfToken)
    sortNodes(flow.ui, loginOrder)
  },
  finish: finishLogin,
}

/** Takes a submission of a sign-in form (`POST /self-service/login`). */
export function submitLogin(ctx: Context, call: Call): Promise<Reply> {
  return submitFlow(ctx, call, login)
}

/** Who is signed in already is sent on, unless the flow is for signing in once more. */
async function guard(ctx: Context, call: Call, flow: Flow, signed: Signed | undefined): Promise<Reply | undefined> {
  if (!signed) {
    if (flow.aal === 'aal2') throw ApiError.sessionAal1Required()
    return undefined
  }
  if (flow.refresh || (flow.aal === 'aal2' && signed.session.aal !== 'aal2')) return undefined
  if (!speaksJson(call, flow.type)) return redirect(destination(ctx, undefined))
  clearMessages(flow.ui)
  addMessage(flow.ui, uiText(4000001, { reason: 'You are signed in already.' }))
  return showAgain({ ctx, call, flow, signed, body: {}, isForm: false, typed: new Map() }, 400)
}

/** A sign-in flow that took too long starts again by itself and says so. */
export async function restartLogin(ctx: Context, call: Call, expired: Flow): Promise<Reply> {
  const fresh: Flow = {
    ...newFlow(ctx, call, 'login', expired.type, expired.returnTo),
    requestUrl: expired.requestUrl,
    aal: expired.aal,
    refresh: expired.refresh,
    organizationId: expired.organizationId,
    schemaId: expired.schemaId,
  }
  await buildLoginForm(ctx, call, fresh, undefined)
  return replaceExpired(ctx, call, expired, fresh, uiText(4010001, expiryContext(expired)))
}
