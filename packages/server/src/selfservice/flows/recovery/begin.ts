import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { type Call, type Reply, redirect } from '../../../kernel/http/index.ts'
import { resolveSession } from '../../../session/index.ts'
import { answerNew, beginning, requestedFlow, requireEnabled } from '../begin.ts'
import type { Flow } from '../flow.ts'
import { destination } from '../return-to.ts'
import { buildRecoveryForm } from './fresh.ts'

/** Begins to get back into an account (`GET /self-service/recovery/{api,browser}`). */
export function beginRecovery(ctx: Context, call: Call, type: Flow['type']): Promise<Reply> {
  return beginning(ctx, call, type, async () => {
    requireEnabled(ctx, 'recovery')
    if (await resolveSession(ctx, call)) {
      if (type === 'api' || call.wantsJson) throw ApiError.sessionAlreadyAvailable()
      return redirect(destination(ctx, undefined), 302)
    }
    const flow = requestedFlow(ctx, call, 'recovery', type)
    await buildRecoveryForm(ctx, flow)
    return answerNew(ctx, call, flow)
  })
}
