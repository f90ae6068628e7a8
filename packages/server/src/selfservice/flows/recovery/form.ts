import { csrfOf } from '../../flow/create.ts'
import type { FormRules } from '../../method.ts'
import { methodNodes } from '../../methods/index.ts'

/** The recovery form: the address, and the submit button of the configured method. */
export const recoveryForm: FormRules = {
  async build(ctx, flow) {
    const { feature_flags: flags, selfservice } = ctx.config.identity
    flow.active = selfservice.flows.recovery.use
    // Links are sent to the address that was entered, so there is nothing to choose.
    if (flags.choose_recovery_address && flow.active === 'code') flow.state = 'recovery_awaiting_address'
    flow.ui.nodes = [csrfOf(flow), ...(await methodNodes(ctx, flow))]
  },
}
