import type { Context } from '../../../kernel/context.ts'
import type { Call, Reply } from '../../../kernel/http/index.ts'
import { answerNew, beginning, requestedFlow, requireEnabled } from '../begin.ts'
import type { Flow } from '../flow.ts'
import { buildVerificationForm } from './form.ts'

/** Begins to prove an address (`GET /self-service/verification/{api,browser}`). */
export async function beginVerification(ctx: Context, call: Call, type: Flow['type']): Promise<Reply> {
  // Mistakes of this kind are told as JSON, to browsers too (Kratos).
  const flow = requestedFlow(ctx, call, 'verification', type)
  return beginning(ctx, call, type, async () => {
    requireEnabled(ctx, 'verification')
    await buildVerificationForm(ctx, flow)
    return answerNew(ctx, call, flow)
  })
}
