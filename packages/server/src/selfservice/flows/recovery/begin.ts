import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { resolveSession } from '../../../session/index.ts'
import { destination } from '../../flow/return-to.ts'
import type { BeginOutcome } from '../../outcome.ts'
import { type BeginOptions, requestedFlow, requireEnabled, storeNewFlow } from '../begin-flow.ts'
import { recoveryForm } from './form.ts'

/** Creates a recovery flow. */
export async function beginRecovery(ctx: Context, request: Call, options: BeginOptions): Promise<BeginOutcome> {
  if (await resolveSession(ctx, request)) {
    const location = destination(ctx, undefined)
    return { type: 'refused', error: ApiError.sessionAlreadyAvailable(), location, redirectStatus: 302 }
  }
  requireEnabled(ctx, 'recovery')
  const flow = requestedFlow(ctx, request, 'recovery', options)
  await recoveryForm.build(ctx, flow, undefined)
  return storeNewFlow(ctx, request, flow)
}
