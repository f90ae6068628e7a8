import { ApiError, uiText } from '@latchkey/api'
import type { Identity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { resolveSession, type Signed } from '../../../session/index.ts'
import { beginExchange } from '../../exchange/exchange.ts'
import { successor } from '../../flow/create.ts'
import type { Flow } from '../../flow/flow.ts'
import { selectedSchema } from '../../flow/identity-schema.ts'
import { checkedReturnTo, destination } from '../../flow/return-to.ts'
import { availableSteps } from '../../methods/index.ts'
import type { BeginOutcome } from '../../outcome.ts'
import { addMessage } from '../../ui/container.ts'
import { type BeginOptions, refuseLoginChallenge, requestedFlow, storeNewFlow } from '../begin-flow.ts'
import { loginForm } from './form.ts'

/** Creates a login flow. */
export async function beginLogin(ctx: Context, request: Call, options: BeginOptions): Promise<BeginOutcome> {
  refuseLoginChallenge(options.login_challenge)
  const aal = requestedAal(options.aal)
  const schemaId = selectedSchema(ctx, options.identity_schema)
  const flow: Flow = {
    ...requestedFlow(ctx, request, 'login', options),
    aal,
    refresh: false,
    ...(schemaId && { schemaId }),
    ...(options.organization && { organizationId: options.organization }),
  }
  const signed = await resolveSession(ctx, request)
  if (!needsToSignIn(flow, options.refresh ?? false, signed)) return alreadySignedIn(ctx, options)
  await loginForm.build(ctx, flow, signed)
  if (signed && aal === 'aal2')
    await beginSecondFactor(ctx, flow, { identity: signed.identity, via: options.via ?? '', request })
  if (flow.type === 'api' && options.return_session_token_exchange_code) await beginExchange(ctx, flow)
  return storeNewFlow(ctx, request, flow)
}

/** A flow, not stored yet, that asks somebody who has just signed in in another flow for the second factor. */
export async function secondFactorFlow(
  ctx: Context,
  request: Call,
  { flow: before, signed }: { flow: Flow; signed: Signed },
): Promise<Flow> {
  const flow: Flow = { ...successor(ctx, request, before), aal: 'aal2', refresh: false }
  addMessage(flow.ui, uiText(1010004))
  await loginForm.build(ctx, flow, signed)
  await beginSecondFactor(ctx, flow, { identity: signed.identity, via: '', request })
  return flow
}

function requestedAal(aal: string | undefined): 'aal1' | 'aal2' {
  if (aal === undefined || aal === 'aal1') return 'aal1'
  if (aal === 'aal2') return aal
  throw ApiError.badRequest({ reason: 'The parameter aal must be aal1 or aal2.' })
}

/** Whether a sign-in is needed. With a session, this requires a refresh or a higher AAL, which the form explains. */
function needsToSignIn(flow: Flow, refresh: boolean, signed: Signed | undefined): boolean {
  if (!signed) {
    if (flow.aal === 'aal2') throw ApiError.sessionAal1Required()
    return true
  }
  const isStronger = flow.aal === 'aal2' && signed.session.aal !== 'aal2'
  if (refresh) {
    flow.refresh = true
    addMessage(flow.ui, uiText(1010003))
  }
  if (isStronger) addMessage(flow.ui, uiText(1010004))
  return refresh || isStronger
}

function alreadySignedIn(ctx: Context, options: BeginOptions): BeginOutcome {
  const error = ApiError.sessionAlreadyAvailable()
  return { type: 'refused', error, location: destination(ctx, checkedReturnTo(ctx, options.return_to)) }
}

/** Lets second factors prepare the flow, for example by sending a code. */
async function beginSecondFactor(
  ctx: Context,
  flow: Flow,
  of: { identity: Identity; via: string; request: Call },
): Promise<void> {
  for (const { step } of availableSteps(ctx, { ...flow, name: 'login' as const })) await step.begin?.(ctx, flow, of)
}
