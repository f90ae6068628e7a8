import { continueExchange } from '../../exchange/exchange.ts'
import { newFlow } from '../../flow/create.ts'
import type { FlowOf } from '../../flow/flow.ts'
import { insertFlow } from '../../flow/store.ts'
import type { SignInInstead, SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { formOf } from '../forms.ts'
import { signIn } from '../login/sign-in.ts'

/** Signs in somebody who wanted to sign up and has an account already, in a login flow of its own. */
export async function signInInstead(
  submission: SubmissionContext<'registration'>,
  { signInInstead: by }: SignInInstead,
  method: string,
): Promise<Outcome> {
  const { ctx, flow } = submission
  const fresh = loginFlowFor(submission)
  const form = formOf(ctx, fresh, undefined)
  await form.rebuild()
  await insertFlow(ctx, fresh)
  await continueExchange(ctx, flow, fresh)
  return signIn({ ...submission, flow: fresh, form }, by, method)
}

/** A login flow that goes on with what a registration flow began, without a form. */
export function loginFlowFor({ ctx, request, flow }: SubmissionContext<'registration'>): FlowOf<'login'> {
  const { type, requestUrl, returnTo, loginChallenge, language } = flow
  const { schemaId, organizationId, transientPayload, active } = flow
  const fresh = newFlow(ctx, request, { name: 'login', type, requestUrl, returnTo, loginChallenge, language })
  return {
    ...{ ...fresh, name: 'login', aal: 'aal1', refresh: false, transientPayload },
    ...(active && { active }),
    ...(schemaId && { schemaId }),
    ...(organizationId && { organizationId }),
  }
}
