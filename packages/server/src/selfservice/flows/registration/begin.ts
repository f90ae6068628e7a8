import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { resolveSession } from '../../../session/index.ts'
import { askedFor } from '../../authorization/index.ts'
import { beginExchange } from '../../exchange/exchange.ts'
import type { Flow } from '../../flow/flow.ts'
import { selectedSchema } from '../../flow/identity-schema.ts'
import { checkedReturnTo, destination } from '../../flow/return-to.ts'
import { publicUrl } from '../../flow/urls.ts'
import type { BeginOutcome } from '../../outcome.ts'
import { type BeginOptions, requestedFlow, requireEnabled, storeNewFlow } from '../begin-flow.ts'
import { registrationForm } from './form.ts'

/** Creates a registration flow, unless somebody is signed in already. */
export async function beginRegistration(ctx: Context, request: Call, given: BeginOptions): Promise<BeginOutcome> {
  const signed = await resolveSession(ctx, request)
  // As in Kratos, an app that is signed in learns this first, and a browser after its parameters were checked.
  if (signed && given.type === 'api') return alreadySignedIn(ctx, undefined)
  requireEnabled(ctx, 'registration')
  const asked = given.login_challenge === undefined ? undefined : await askedFor(ctx, given.login_challenge)
  const options = asked?.returnTo === undefined ? given : { ...given, return_to: asked.returnTo }
  const schemaId = selectedSchema(ctx, options.identity_schema)
  const flow: Flow = {
    ...requestedFlow(ctx, request, 'registration', options),
    ...(schemaId && { schemaId }),
    ...(options.organization && { organizationId: options.organization }),
    ...(asked && { loginRequest: asked.request }),
  }
  flow.continueUrl = checkedReturnTo(ctx, options.after_verification_return_to)
  if (signed && asked) return { type: 'redirected', location: loginUrl(ctx, request) }
  if (signed) return alreadySignedIn(ctx, flow.returnTo)
  if (asked?.refusalUrl !== undefined) return { type: 'redirected', location: asked.refusalUrl }
  await registrationForm.build(ctx, flow, undefined)
  if (flow.type === 'api' && options.return_session_token_exchange_code) await beginExchange(ctx, flow)
  return storeNewFlow(ctx, request, flow)
}

/** The login flow decides whether the session is good enough for the application. */
function loginUrl(ctx: Context, { search }: Call): string {
  const url = publicUrl(ctx, 'self-service/login/browser')
  url.search = search.toString()
  return url.toString()
}

function alreadySignedIn(ctx: Context, returnTo: string | undefined): BeginOutcome {
  return { type: 'refused', error: ApiError.sessionAlreadyAvailable(), location: destination(ctx, returnTo) }
}
