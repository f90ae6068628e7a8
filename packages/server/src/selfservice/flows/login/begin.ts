import { ApiError, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import { resolveSession, type Signed } from '../../../session/index.ts'
import { sendOnlySecondFactor } from '../../methods/code/second-factor.ts'
import { addMessage } from '../../ui/container.ts'
import { answerNew, beginning, requestedFlow } from '../begin.ts'
import { beginExchange } from '../exchange.ts'
import type { Flow } from '../flow.ts'
import { refuseLoginChallenge, selectedSchema } from '../requested.ts'
import { checkedReturnTo, destination } from '../return-to.ts'
import { buildLoginForm } from './form.ts'

/** Begins to sign in (`GET /self-service/login/{api,browser}`). */
export function beginLogin(ctx: Context, call: Call, type: Flow['type']): Promise<Reply> {
  return beginning(ctx, call, type, async () => {
    refuseLoginChallenge(call)
    const aal = requestedAal(call)
    const schemaId = selectedSchema(ctx, call)
    const flow: Flow = {
      ...requestedFlow(ctx, call, 'login', type),
      aal,
      refresh: false,
      ...(schemaId && { schemaId }),
    }
    const organization = call.search.get('organization')
    if (organization) flow.organizationId = organization
    const signed = await resolveSession(ctx, call)
    const elsewhere = forSession(ctx, call, flow, signed)
    if (elsewhere) return elsewhere
    await buildLoginForm(ctx, call, flow, signed)
    if (signed && flow.aal === 'aal2')
      await sendOnlySecondFactor(ctx, flow, signed.identity, call.search.get('via') ?? '')
    if (type === 'api' && call.search.get('return_session_token_exchange_code') === 'true')
      await beginExchange(ctx, flow)
    return answerNew(ctx, call, flow)
  })
}

function requestedAal(call: Call): 'aal1' | 'aal2' {
  const aal = call.search.get('aal') || 'aal1'
  if (aal !== 'aal1' && aal !== 'aal2') throw ApiError.badRequest({ reason: 'The parameter aal must be aal1 or aal2.' })
  return aal
}

/** Who is signed in already needs a reason to sign in again. */
function forSession(ctx: Context, call: Call, flow: Flow, signed: Signed | undefined): Reply | undefined {
  if (!signed) {
    if (flow.aal === 'aal2') throw ApiError.sessionAal1Required()
    return undefined
  }
  const refresh = ['true', '1', 't', 'TRUE', 'True', 'T'].includes(call.search.get('refresh') ?? '')
  if (refresh) {
    flow.refresh = true
    addMessage(flow.ui, uiText(1010003))
    return undefined
  }
  if (flow.aal === 'aal2' && signed.session.aal !== 'aal2') {
    addMessage(flow.ui, uiText(1010004))
    return undefined
  }
  return alreadySigned(ctx, call, flow)
}

/** Sends a browser that is signed in on its way; scripts and apps are told. */
function alreadySigned(ctx: Context, call: Call, flow: Flow): Reply {
  if (flow.type === 'api' || call.wantsJson) throw ApiError.sessionAlreadyAvailable()
  const returnTo = checkedReturnTo(ctx, call.search.get('return_to'))
  return redirect(destination(ctx, returnTo))
}
