import { loginOrder, type UiNode } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Signed } from '../../../session/index.ts'
import { csrfOf } from '../../flow/create.ts'
import type { Flow } from '../../flow/flow.ts'
import { cacheJson } from '../../flow/form-json.ts'
import type { FormRules, Method } from '../../method.ts'
import { availableSteps, methodNodes } from '../../methods/index.ts'
import { upsert } from '../../ui/container.ts'
import { nodeName } from '../../ui/nodes.ts'
import { sortNodes } from '../../ui/sort.ts'

/** The login form: the nodes of the available methods, with a single identifier field. */
export const loginForm: FormRules = {
  async build(ctx, flow, signed) {
    // The form of a second factor, and of signing in again, depends on the identity.
    if (flow.aal === 'aal2' || (flow.refresh && signed) || isIndividual(ctx, flow))
      flow.ui.nodes = await formNodes(ctx, flow, signed)
    else {
      flow.form = 'common'
      flow.ui.nodes = withOwnCsrf(await commonForm(ctx, flow), flow)
    }
  },
  restore: async (ctx, flow) => structuredClone(withOwnCsrf(await commonForm(ctx, flow), flow)),
  order: () => loginOrder,
}

function isIndividual(ctx: Context, flow: Flow): boolean {
  const steps = availableSteps(ctx, { ...flow, name: 'login' as const })
  return steps.some(({ step }) => step.isIndividual?.(ctx, flow))
}

const forms = new WeakMap<object, Map<string, UiNode[]>>()

/** The form shared by all flows of a configuration, without an anti-CSRF token. */
async function commonForm(ctx: Context, flow: Flow): Promise<UiNode[]> {
  const { config } = ctx
  const cached = forms.get(config) ?? new Map<string, UiNode[]>()
  forms.set(config, cached)
  const key = `${flow.type} ${flow.refresh ?? false} ${flow.schemaId ?? ''}`
  let nodes = cached.get(key)
  if (!nodes) {
    nodes = cacheJson(await formNodes(ctx, { ...flow, csrfToken: '' }, undefined))
    cached.set(key, nodes)
  }
  return nodes
}

/** Adds the anti-CSRF token of a browser flow to the common form. */
function withOwnCsrf(common: UiNode[], flow: Flow): UiNode[] {
  if (!flow.csrfToken) return common
  const csrf = csrfOf(flow)
  const nodes = common.map((node) => (nodeName(node) === 'csrf_token' ? csrf : node))
  return nodes.includes(csrf) ? nodes : [csrf, ...nodes]
}

async function formNodes(ctx: Context, flow: Flow, signed: Signed | undefined): Promise<UiNode[]> {
  // A method that asks for the identifier first hides the other methods.
  const [first] = availableSteps(ctx, flow).filter(({ method }) => method.asksFirst)
  const includes =
    first && (({ name, isOfferedFirst }: Method) => name === first.method.name || isOfferedFirst === true)
  const nodes = await methodNodes(ctx, flow, { signed, includes })
  const ui = { ...flow.ui, nodes: flow.type === 'browser' || nodes.length > 0 ? [csrfOf(flow)] : [] }
  for (const node of nodes) {
    if (nodeName(node) === 'identifier') upsert(ui, node)
    else ui.nodes.push(node)
  }
  sortNodes(ui, loginOrder)
  return ui.nodes
}
