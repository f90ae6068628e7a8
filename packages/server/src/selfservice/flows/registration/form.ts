import { uiText } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { stepsOf } from '../../methods/index.ts'
import { methodButton } from '../../ui/nodes.ts'
import { registrationOrder, sortNodes } from '../../ui/sort.ts'
import { traitNames, traitNodes } from '../../ui/traits.ts'
import { csrfOf } from '../begin.ts'
import type { Flow } from '../flow.ts'
import { schemaOf } from '../requested.ts'

/** Whether people first tell who they are and then choose a method, or do both on one page. */
export function isTwoSteps(ctx: Context): boolean {
  const { registration } = ctx.config.identity.selfservice.flows
  return registration.style === 'profile_first' && !registration.enable_legacy_one_step
}

/** Fills a new sign-up form. */
export async function buildRegistrationForm(ctx: Context, flow: Flow): Promise<void> {
  const nodes = [csrfOf(flow), ...traitNodes(ctx, schemaOf(ctx, flow), 'default')]
  if (isTwoSteps(ctx)) nodes.push(methodButton('profile', 'profile', uiText(1040001)))
  else nodes.push(...(await methodNodes(ctx, flow)))
  flow.ui.nodes = nodes
  sortRegistration(ctx, flow)
}

/** What the enabled methods ask for. */
export async function methodNodes(ctx: Context, flow: Flow) {
  const own = { ...flow, name: 'registration' as const }
  const steps = stepsOf(ctx, own)
  return (await Promise.all(steps.map(({ step }) => step.nodes(ctx, flow, undefined)))).flat()
}

export function sortRegistration(ctx: Context, flow: Flow): void {
  sortNodes(flow.ui, registrationOrder(traitNames(ctx, schemaOf(ctx, flow))))
}
