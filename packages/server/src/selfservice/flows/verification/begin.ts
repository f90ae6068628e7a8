import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import type { BeginOutcome } from '../../outcome.ts'
import { type BeginOptions, requestedFlow, requireEnabled, storeNewFlow } from '../begin-flow.ts'
import { verificationForm } from './form.ts'

/** Creates a verification flow. */
export async function beginVerification(ctx: Context, request: Call, options: BeginOptions): Promise<BeginOutcome> {
  requireEnabled(ctx, 'verification')
  const flow = requestedFlow(ctx, request, 'verification', options)
  await verificationForm.build(ctx, flow, undefined)
  return storeNewFlow(ctx, request, flow)
}
