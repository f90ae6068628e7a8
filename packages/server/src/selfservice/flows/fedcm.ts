import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, csrfViolation } from '../../kernel/http/index.ts'
import { resolveSession } from '../../session/index.ts'
import { type Body, parseBody, textField, transientPayload } from '../flow/body.ts'
import { newFlow } from '../flow/create.ts'
import { FlowError, type FlowOf } from '../flow/flow.ts'
import { destination } from '../flow/return-to.ts'
import { insertFlow } from '../flow/store.ts'
import { publicText } from '../flow/urls.ts'
import { runHooksBefore } from '../hooks/index.ts'
import type { SubmissionContext } from '../method.ts'
import { isForBrowsers, provenByBrowser } from '../methods/oidc/fedcm.ts'
import { oidc } from '../methods/oidc/index.ts'
import { signInBy } from '../methods/oidc/sign-in.ts'
import type { Outcome } from '../outcome.ts'
import { formOf } from './forms.ts'
import { login } from './login/submit.ts'
import { carryOn, type Submitted } from './submission.ts'

/** Signs in with a token that the browser got from a provider (FedCM), in a login flow of its own. */
export async function submitFedcm(ctx: Context, request: Call): Promise<Submitted<'login'>> {
  try {
    return { name: 'login', outcome: await signInByBrowser(ctx, request), type: 'browser' }
  } catch (error) {
    return { name: 'login', error, type: 'browser' }
  }
}

async function signInByBrowser(ctx: Context, request: Call): Promise<Outcome> {
  // Where no provider is configured for browsers, the answer is that of a path that is not served, as in Kratos.
  if (!isForBrowsers(ctx)) throw csrfViolation(request)
  const { body, payload } = readBody(request)
  const csrfToken = textField(body, 'csrf_token') || request.header('x-csrf-token')
  if (!request.csrf.accepts(csrfToken)) throw csrfViolation(request)
  if (await resolveSession(ctx, request)) {
    const error = ApiError.sessionAlreadyAvailable()
    return { type: 'refused', error, location: destination(ctx, undefined) }
  }
  const flow: FlowOf<'login'> = {
    ...newFlow(ctx, request, { name: 'login', type: 'browser', requestUrl: publicText(ctx, request.target) }),
    ...{ name: 'login', aal: 'aal1', refresh: false, active: oidc.name, transientPayload: payload },
  }
  await runHooksBefore({ ctx, request, flow })
  const form = formOf(ctx, flow, undefined)
  await form.rebuild()
  await insertFlow(ctx, flow)
  const submission: SubmissionContext<'login'> = {
    ...{ ctx, request, flow, form, signed: undefined },
    ...{ source: 'provider', body: {}, submittedValues: new Map() },
  }
  const given = { token: textField(body, 'token'), nonce: textField(body, 'nonce') }
  return carryOn(submission, login, {
    method: oidc.name,
    attempt: async () => signInBy(submission, await provenByBrowser(ctx, request, given), {}),
  })
}

/** There is no form yet that could show what is wrong with a body. */
function readBody(request: Call): { body: Body; payload: Record<string, unknown> } {
  try {
    const body = parseBody(request)
    return { body, payload: transientPayload(body) }
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    const [message] = [...error.messages, ...error.fields.map((field) => field.message)]
    throw ApiError.badRequest(message ? { reason: message.text } : {})
  }
}
