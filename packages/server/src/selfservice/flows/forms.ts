import type { Context } from '../../kernel/context.ts'
import type { Signed } from '../../session/index.ts'
import type { Flow, FlowName, FlowOf } from '../flow/flow.ts'
import { findFlow } from '../flow/store.ts'
import type { FlowForm, FormRules } from '../method.ts'
import { methodNodes } from '../methods/index.ts'
import { sortNodes } from '../ui/sort.ts'
import { loginForm } from './login/form.ts'
import { recoveryForm } from './recovery/form.ts'
import { registrationForm } from './registration/form.ts'
import { settingsForm } from './settings/form.ts'
import { verificationForm } from './verification/form.ts'

const rules: Readonly<Record<FlowName, FormRules>> = {
  login: loginForm,
  registration: registrationForm,
  recovery: recoveryForm,
  verification: verificationForm,
  settings: settingsForm,
}

/** Returns the functions that build the form of a flow. */
export function formOf(ctx: Context, flow: Flow, signed: Signed | undefined): FlowForm {
  const { build, order } = rules[flow.name]
  return {
    rebuild: () => build(ctx, flow, signed),
    methodNodes: (includes, owner) => methodNodes(ctx, flow, { includes, owner }),
    sort() {
      if (order) sortNodes(flow.ui, order(ctx, flow, signed))
    },
  }
}

/** Finds a flow and restores its form. Returns undefined if there is none of this name. */
export async function loadFlow<Name extends FlowName>(
  ctx: Context,
  name: Name,
  id: string,
): Promise<FlowOf<Name> | undefined> {
  const flow = await findFlow(ctx, name, id)
  if (flow) await restoreForm(ctx, flow)
  return flow
}

/** Restores the nodes of a stored flow if it has the common form. */
export async function restoreForm(ctx: Context, flow: Flow): Promise<void> {
  if (flow.form === 'common' && flow.ui.nodes.length === 0)
    flow.ui.nodes = (await rules[flow.name].restore?.(ctx, flow)) ?? []
}
