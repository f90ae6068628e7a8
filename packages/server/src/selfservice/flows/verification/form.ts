import { uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { csrfOf } from '../../flow/create.ts'
import type { Flow } from '../../flow/flow.ts'
import { destination } from '../../flow/return-to.ts'
import type { FormRules } from '../../method.ts'
import { methodNodes } from '../../methods/index.ts'
import { continueLabel, link } from '../../ui/nodes.ts'

/** The verification form: the address, and the submit button of the configured method. */
export const verificationForm: FormRules = {
  async build(ctx, flow) {
    flow.active = ctx.config.identity.selfservice.flows.verification.use
    const nodes = await methodNodes(ctx, flow)
    if (flow.active === 'link') flow.ui.nodes = [csrfOf(flow), ...nodes]
    else flow.ui.nodes = flow.type === 'browser' ? [...nodes, csrfOf(flow)] : nodes
  },
}

/** Shows the form after verification, which contains only a link to continue. */
export function showPassed(ctx: Context, flow: Flow): void {
  const { after } = ctx.config.identity.selfservice.flows.verification
  const to = destination(ctx, flow.returnTo, after.default_browser_return_url)
  flow.state = 'passed_challenge'
  flow.ui = {
    method: 'GET',
    action: to,
    nodes: [csrfOf(flow), link('continue', flow.active === 'link' ? 'link' : 'code', to, continueLabel())],
    messages: [uiText(1080002)],
  }
}
