import { settingsOrder } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Signed } from '../../../session/index.ts'
import { csrfOf } from '../../flow/create.ts'
import type { FormRules } from '../../method.ts'
import { methodNodes } from '../../methods/index.ts'
import { sortNodes } from '../../ui/sort.ts'
import { traitNames } from '../../ui/traits.ts'

/** The settings form: the nodes of the available methods for this identity. */
export const settingsForm: FormRules = {
  async build(ctx, flow, signed) {
    flow.ui.nodes = [csrfOf(flow), ...(await methodNodes(ctx, flow, { signed }))]
    sortNodes(flow.ui, orderFor(ctx, signed))
  },
  order: (ctx, _flow, signed) => orderFor(ctx, signed),
}

function orderFor(ctx: Context, signed: Signed | undefined) {
  return settingsOrder(signed ? traitNames(ctx, signed.identity.document.schema_id) : [])
}
