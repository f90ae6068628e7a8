import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import { resolveSession } from '../../../session/index.ts'
import { answerNew, beginning, requestedFlow, requireEnabled } from '../begin.ts'
import { beginExchange } from '../exchange.ts'
import type { Flow } from '../flow.ts'
import { refuseLoginChallenge, selectedSchema } from '../requested.ts'
import { checkedReturnTo, destination } from '../return-to.ts'
import { buildRegistrationForm } from './form.ts'

/** Begins to sign up (`GET /self-service/registration/{api,browser}`). */
export function beginRegistration(ctx: Context, call: Call, type: Flow['type']): Promise<Reply> {
  return beginning(ctx, call, type, async () => {
    requireEnabled(ctx, 'registration')
    refuseLoginChallenge(call)
    const schemaId = selectedSchema(ctx, call)
    const flow: Flow = { ...requestedFlow(ctx, call, 'registration', type), ...(schemaId && { schemaId }) }
    const organization = call.search.get('organization')
    if (organization) flow.organizationId = organization
    flow.continueUrl = checkedReturnTo(ctx, call.search.get('after_verification_return_to'))
    if (await resolveSession(ctx, call)) {
      if (type === 'api' || call.wantsJson) throw ApiError.sessionAlreadyAvailable()
      return redirect(destination(ctx, flow.returnTo))
    }
    await buildRegistrationForm(ctx, flow)
    if (type === 'api' && call.search.get('return_session_token_exchange_code') === 'true')
      await beginExchange(ctx, flow)
    return answerNew(ctx, call, flow)
  })
}
