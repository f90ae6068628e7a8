import { type UiText, uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { stepsOf } from '../../methods/index.ts'
import type { Turn } from '../../turn.ts'
import { continueLabel, csrfNode, link } from '../../ui/nodes.ts'
import { newFlow } from '../begin.ts'
import { storeReplacement } from '../expired.ts'
import type { Flow } from '../flow.ts'
import { destination } from '../return-to.ts'

/** Fills a new verification form. */
export async function buildVerificationForm(ctx: Context, flow: Flow): Promise<void> {
  flow.active = ctx.config.identity.selfservice.flows.verification.use
  const own = { ...flow, name: 'verification' as const }
  const nodes = (await Promise.all(stepsOf(ctx, own).map(({ step }) => step.nodes(ctx, flow, undefined)))).flat()
  const csrf = csrfNode(flow.csrfToken)
  if (flow.active === 'link') flow.ui.nodes = [csrf, ...nodes]
  else flow.ui.nodes = flow.type === 'browser' ? [...nodes, csrf] : nodes
}

/** A new verification flow in the place of one that is of no more use, with the reason on top. */
export async function freshVerification({ ctx, call, flow }: Turn, message: UiText): Promise<Flow> {
  call.csrf.rotate()
  const fresh = { ...newFlow(ctx, call, 'verification', flow.type, flow.returnTo), requestUrl: flow.requestUrl }
  await buildVerificationForm(ctx, fresh)
  await storeReplacement(ctx, fresh, message)
  return fresh
}

/** The form once the address is proven: nothing but a link to go on with. */
export function passedForm(ctx: Context, flow: Flow): void {
  const { after } = ctx.config.identity.selfservice.flows.verification
  const to = destination(ctx, flow.returnTo, after.default_browser_return_url)
  flow.state = 'passed_challenge'
  flow.ui = {
    method: 'GET',
    action: to,
    nodes: [csrfNode(flow.csrfToken), link('continue', flow.active === 'link' ? 'link' : 'code', to, continueLabel())],
    messages: [uiText(1080002)],
  }
}
