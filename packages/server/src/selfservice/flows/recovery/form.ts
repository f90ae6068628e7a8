import { csrfOf } from '../../flow/create.ts'
import type { FormRules } from '../../method.ts'
import { methodNodes } from '../../methods/index.ts'

/** The recovery form: the address, and the submit button of the configured method. */
export const recoveryForm: FormRules = {
  async build(ctx, flow) {
    flow.active = ctx.config.identity.selfservice.flows.recovery.use
    flow.ui.nodes = [csrfOf(flow), ...(await methodNodes(ctx, flow))]
  },
}
