import { registrationOrder, uiText } from '@latchkey/api'
import { csrfOf } from '../../flow/create.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { isTwoSteps } from '../../flow/registration-style.ts'
import type { FormRules } from '../../method.ts'
import { methodNodes } from '../../methods/index.ts'
import { methodButton } from '../../ui/nodes.ts'
import { sortNodes } from '../../ui/sort.ts'
import { traitNames, traitNodes } from '../../ui/traits.ts'

/** The registration form: the traits and the methods or, in two-step registration, a button to select the method. */
export const registrationForm: FormRules = {
  async build(ctx, flow) {
    const nodes = [csrfOf(flow), ...traitNodes(ctx, schemaOf(ctx, flow), 'default')]
    const isFirst = isTwoSteps(ctx)
    if (isFirst) nodes.push(methodButton('profile', 'profile', uiText(1040001)))
    nodes.push(...(await methodNodes(ctx, flow, { includes: (one) => !isFirst || one.isOfferedFirst === true })))
    flow.ui.nodes = nodes
    sortNodes(flow.ui, registrationOrder(traitNames(ctx, schemaOf(ctx, flow))))
  },
  order: (ctx, flow) => registrationOrder(traitNames(ctx, schemaOf(ctx, flow))),
}
