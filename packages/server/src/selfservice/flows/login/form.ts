import type { UiNode } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import type { Signed } from '../../../session/index.ts'
import { stepsOf } from '../../methods/index.ts'
import { upsert } from '../../ui/container.ts'
import { nodeName } from '../../ui/nodes.ts'
import { loginOrder, sortNodes } from '../../ui/sort.ts'
import { csrfOf } from '../begin.ts'
import type { Flow } from '../flow.ts'
import { share } from '../text.ts'

/** Fills a new sign-in form with what the enabled methods ask for. */
export async function buildLoginForm(ctx: Context, _call: Call, flow: Flow, signed: Signed | undefined): Promise<void> {
  // A second factor's form is its person's own.
  if (flow.aal === 'aal2') flow.ui.nodes = await formNodes(ctx, flow, signed)
  else {
    flow.form = 'common'
    flow.ui.nodes = ownForm(await commonForm(ctx, flow), flow)
  }
}

/** The nodes of a stored flow whose form is the common one, for this flow alone. */
export async function commonNodes(ctx: Context, flow: Flow): Promise<UiNode[]> {
  return structuredClone(ownForm(await commonForm(ctx, flow), flow))
}

const forms = new WeakMap<object, Map<string, UiNode[]>>()

/** The form that all flows of a configuration have in common, as an app gets it. */
async function commonForm(ctx: Context, flow: Flow): Promise<UiNode[]> {
  const { config } = ctx
  const known = forms.get(config) ?? new Map<string, UiNode[]>()
  forms.set(config, known)
  const key = `${flow.refresh ?? false} ${flow.schemaId ?? ''}`
  let nodes = known.get(key)
  if (!nodes) {
    nodes = share(await formNodes(ctx, { ...flow, type: 'api', csrfToken: '' }, undefined))
    known.set(key, nodes)
  }
  return nodes
}

/** A browser's form carries its own anti-CSRF token. */
function ownForm(common: UiNode[], flow: Flow): UiNode[] {
  if (flow.type === 'api') return common
  const csrf = csrfOf(flow)
  const nodes = common.map((node) => (nodeName(node) === 'csrf_token' ? csrf : node))
  return nodes.includes(csrf) ? nodes : [csrf, ...nodes]
}

/** What the methods ask for beside the identifier, of those that `shows` lets through. */
export async function firstFactorNodes(
  ctx: Context,
  flow: Flow,
  shows: (method: string) => boolean,
): Promise<UiNode[]> {
  const steps = stepsOf(ctx, { ...flow, name: 'login' as const }).filter(({ name }) => name !== first && shows(name))
  const nodes = (await Promise.all(steps.map(({ step }) => step.nodes(ctx, flow, undefined)))).flat()
  return nodes.filter((node) => nodeName(node) !== 'identifier')
}

const first = 'identifier_first'

async function formNodes(ctx: Context, flow: Flow, signed: Signed | undefined): Promise<UiNode[]> {
  const all = stepsOf(ctx, { ...flow, name: 'login' as const })
  // Where the identifier is asked for first, nothing else is.
  const only = all.filter(({ name }) => name === first)
  const steps = only.length > 0 ? only : all
  const nodes = (await Promise.all(steps.map(({ step }) => step.nodes(ctx, flow, signed)))).flat()
  const ui = { ...flow.ui, nodes: flow.type === 'browser' || nodes.length > 0 ? [csrfOf(flow)] : [] }
  for (const node of nodes) {
    if (nodeName(node) === 'identifier') upsert(ui, node)
    else ui.nodes.push(node)
  }
  sortNodes(ui, loginOrder)
  return ui.nodes
}
