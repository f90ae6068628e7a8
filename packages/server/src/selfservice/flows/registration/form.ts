import { registrationOrder, uiText } from '@latchkey/api'
import { csrfOf } from '../../flow/create.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { isTwoSteps } from '../../flow/registration-style.ts'
import type { FormRules } from '../../method.ts'
import { methodNodes } from '../../methods/index.ts'
import { putFieldFirst } from '../../methods/passkey/field-first.ts'
import { methodButton } from '../../ui/nodes.ts'
import { sortNodes } from '../../ui/sort.ts'
import { traitNames, traitNodes } from '../../ui/traits.ts'

/**
 * Kratos sorts forms with an algorithm that is not stable. Up to this number of nodes it has not been seen to exchange
 * those that its rules do not tell apart; in all longer forms it exchanges the two of passkeys.
 */
const longestStableForm = 15

/** The registration form: the traits and the methods or, in two-step registration, a button to select the method. */
export const registrationForm: FormRules = {
  async build(ctx, flow) {
    const nodes = [csrfOf(flow), ...traitNodes(ctx, schemaOf(ctx, flow), 'default')]
    const isFirst = isTwoSteps(ctx)
    if (isFirst) nodes.push(methodButton('profile', 'profile', uiText(1040001)))
    nodes.push(...(await methodNodes(ctx, flow, { includes: (one) => !isFirst || one.isOfferedFirst === true })))
    flow.ui.nodes = nodes
    sortNodes(flow.ui, registrationOrder(traitNames(ctx, schemaOf(ctx, flow))))
    if (!isFirst && flow.ui.nodes.length > longestStableForm) putFieldFirst(flow.ui)
  },
  order: (ctx, flow) => registrationOrder(traitNames(ctx, schemaOf(ctx, flow))),
}
