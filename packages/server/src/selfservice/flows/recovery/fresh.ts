import type { UiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { stepsOf } from '../../methods/index.ts'
import type { Turn } from '../../turn.ts'
import { csrfOf, newFlow } from '../begin.ts'
import { storeReplacement } from '../expired.ts'
import type { Flow } from '../flow.ts'

/** A new recovery flow in the place of one that is of no more use, with the reason on top. */
export async function freshRecovery({ ctx, call, flow }: Turn, message: UiText): Promise<Flow> {
  call.csrf.rotate()
  const fresh = { ...newFlow(ctx, call, 'recovery', flow.type, flow.returnTo), requestUrl: flow.requestUrl }
  await buildRecoveryForm(ctx, fresh)
  await storeReplacement(ctx, fresh, message)
  return fresh
}

export async function buildRecoveryForm(ctx: Context, flow: Flow): Promise<void> {
  flow.active = ctx.config.identity.selfservice.flows.recovery.use
  const own = { ...flow, name: 'recovery' as const }
  const nodes = await Promise.all(stepsOf(ctx, own).map(({ step }) => step.nodes(ctx, flow, undefined)))
  flow.ui.nodes = [csrfOf(flow), ...nodes.flat()]
}
