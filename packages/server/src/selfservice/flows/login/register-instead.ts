import { ApiError } from '@latchkey/api'
import { findConflict } from '../../../identity/index.ts'
import { continueExchange } from '../../exchange/exchange.ts'
import { newFlow } from '../../flow/create.ts'
import type { FlowOf } from '../../flow/flow.ts'
import { insertFlow } from '../../flow/store.ts'
import { runHooksBefore } from '../../hooks/index.ts'
import { limitRegistrations } from '../../limits/index.ts'
import type { RegisterInstead, SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { formOf } from '../forms.ts'
import { draftIdentity } from '../registration/draft.ts'
import { registration } from '../registration/submit.ts'
import { carryOn } from '../submission.ts'
import { offerLink } from './offer-link.ts'

/**
 * Signs up somebody who wanted to sign in and has no account yet, in a registration flow of its own, which shows what is
 * missing. While signing up is switched off, an account that exists can still be connected.
 */
export async function registerInstead(
  submission: SubmissionContext<'login'>,
  result: RegisterInstead,
  method: string,
): Promise<Outcome> {
  const { ctx, request, flow } = submission
  if (!ctx.config.identity.selfservice.flows.registration.enabled) return linkOnly(submission, result)
  const fresh: FlowOf<'registration'> = { ...registrationFlow(submission), active: method }
  await runHooksBefore({ ctx, request, flow: fresh })
  const form = formOf(ctx, fresh, undefined)
  await form.rebuild()
  await insertFlow(ctx, fresh)
  await continueExchange(ctx, flow, fresh)
  const next = { ...submission, flow: fresh, form, signed: undefined, submittedValues: new Map() }
  return carryOn(next, registration, {
    method,
    attempt: async () => {
      await limitRegistrations(next)
      return result.registerInstead(next)
    },
  })
}

function registrationFlow({ ctx, request, flow }: SubmissionContext<'login'>): FlowOf<'registration'> {
  const { type, requestUrl, returnTo, loginChallenge, language, schemaId, organizationId, transientPayload } = flow
  const fresh = newFlow(ctx, request, { name: 'registration', type, requestUrl, returnTo, loginChallenge, language })
  return {
    ...{ ...fresh, name: 'registration', transientPayload },
    ...(schemaId && { schemaId }),
    ...(organizationId && { organizationId }),
  }
}

async function linkOnly(submission: SubmissionContext<'login'>, result: RegisterInstead): Promise<Outcome> {
  const { ctx } = submission
  const next = { ...submission, flow: registrationFlow(submission), submittedValues: new Map() }
  const registered = await result.registerInstead(next)
  const conflict = await findConflict(ctx, draftIdentity(next, registered))
  if (registered.link && conflict?.ownerId)
    return offerLink({ ...next, flow: { ...next.flow, id: submission.flow.id } }, registered.link, { conflict })
  throw ApiError.flowDisabled('There is no account for this sign-in, and signing up is switched off.')
}
