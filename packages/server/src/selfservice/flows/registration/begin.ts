import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { resolveSession } from '../../../session/index.ts'
import { beginExchange } from '../../exchange/exchange.ts'
import type { Flow } from '../../flow/flow.ts'
import { selectedSchema } from '../../flow/identity-schema.ts'
import { checkedReturnTo, destination } from '../../flow/return-to.ts'
import type { BeginOutcome } from '../../outcome.ts'
import { type BeginOptions, refuseLoginChallenge, requestedFlow, requireEnabled, storeNewFlow } from '../begin-flow.ts'
import { registrationForm } from './form.ts'

/** Creates a registration flow. */
export async function beginRegistration(ctx: Context, request: Call, options: BeginOptions): Promise<BeginOutcome> {
  const isSignedIn = (await resolveSession(ctx, request)) !== undefined
  // As in Kratos, an app that is signed in learns this first, and a browser after its parameters were checked.
  if (isSignedIn && options.type === 'api') return alreadySignedIn(ctx, undefined)
  requireEnabled(ctx, 'registration')
  refuseLoginChallenge(options.login_challenge)
  const schemaId = selectedSchema(ctx, options.identity_schema)
  const flow: Flow = {
    ...requestedFlow(ctx, request, 'registration', options),
    ...(schemaId && { schemaId }),
    ...(options.organization && { organizationId: options.organization }),
  }
  flow.continueUrl = checkedReturnTo(ctx, options.after_verification_return_to)
  if (isSignedIn) return alreadySignedIn(ctx, flow.returnTo)
  await registrationForm.build(ctx, flow, undefined)
  if (flow.type === 'api' && options.return_session_token_exchange_code) await beginExchange(ctx, flow)
  return storeNewFlow(ctx, request, flow)
}

function alreadySignedIn(ctx: Context, returnTo: string | undefined): BeginOutcome {
  return { type: 'refused', error: ApiError.sessionAlreadyAvailable(), location: destination(ctx, returnTo) }
}
