import { ApiError, uiText } from '@latchkey/api'
import { type Identity, secondFactors } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { lacksSecondFactor, resolveSession, type Signed } from '../../../session/index.ts'
import { acceptLoginRequest, askedFor } from '../../authorization/index.ts'
import { beginExchange } from '../../exchange/exchange.ts'
import { successor } from '../../flow/create.ts'
import type { Flow } from '../../flow/flow.ts'
import { selectedSchema } from '../../flow/identity-schema.ts'
import { destination } from '../../flow/return-to.ts'
import { availableSteps } from '../../methods/index.ts'
import type { BeginOutcome } from '../../outcome.ts'
import { addMessage } from '../../ui/container.ts'
import { type BeginOptions, requestedFlow, storeNewFlow } from '../begin-flow.ts'
import { loginForm } from './form.ts'

/** Creates a login flow, unless somebody is signed in already, who then goes on. */
export async function beginLogin(ctx: Context, request: Call, given: BeginOptions): Promise<BeginOutcome> {
  const asked = given.login_challenge === undefined ? undefined : await askedFor(ctx, given.login_challenge)
  const options = asked?.returnTo === undefined ? given : { ...given, return_to: asked.returnTo }
  const aal = requestedAal(options.aal)
  const schemaId = selectedSchema(ctx, options.identity_schema)
  const flow: Flow = {
    ...requestedFlow(ctx, request, 'login', options),
    aal,
    refresh: false,
    ...(schemaId && { schemaId }),
    ...(options.organization && { organizationId: options.organization }),
    ...(asked && { loginRequest: asked.request }),
  }
  const signed = await resolveSession(ctx, request)
  const isTooOld = (asked && signed && asked.isTooOld(signed.session)) ?? false
  if (asked && signed && !isTooOld && lacksFactor(ctx, signed)) flow.aal = 'aal2'
  if (!needsToSignIn(flow, isTooOld || (options.refresh ?? false), signed)) return alreadySignedIn(ctx, flow, signed)
  if (asked?.refusalUrl !== undefined) return { type: 'redirected', location: asked.refusalUrl }
  await loginForm.build(ctx, flow, signed)
  if (signed && flow.aal === 'aal2')
    await beginSecondFactor(ctx, flow, { identity: signed.identity, via: options.via ?? '', request })
  if (flow.type === 'api' && options.return_session_token_exchange_code) await beginExchange(ctx, flow)
  return storeNewFlow(ctx, request, flow)
}

/** An application gets nobody whose second factor is missing. */
function lacksFactor(ctx: Context, { identity, session }: Signed): boolean {
  return lacksSecondFactor(ctx, session, () => secondFactors(identity))
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

/** Somebody who is signed in goes on with the authorization of an application, if the flow is for one. */
async function alreadySignedIn(ctx: Context, flow: Flow, signed: Signed | undefined): Promise<BeginOutcome> {
  const error = ApiError.sessionAlreadyAvailable()
  if (signed && flow.loginChallenge !== undefined && flow.type === 'browser') {
    const { session } = signed
    const location = await acceptLoginRequest(ctx, flow, { identityId: session.identityId, session })
    return { type: 'refused', error, location }
  }
  return { type: 'refused', error, location: destination(ctx, flow.returnTo) }
}

/** Lets second factors prepare the flow, for example by sending a code. */
async function beginSecondFactor(
  ctx: Context,
  flow: Flow,
  of: { identity: Identity; via: string; request: Call },
): Promise<void> {
  for (const { step } of availableSteps(ctx, { ...flow, name: 'login' as const })) await step.begin?.(ctx, flow, of)
}
