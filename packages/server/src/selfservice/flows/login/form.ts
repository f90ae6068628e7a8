import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import type { Signed } from '../../../session/index.ts'
import { stepsOf } from '../../methods/index.ts'
import { loginOrder, sortNodes } from '../../ui/sort.ts'
import { upsert } from '../../ui/container.ts'
import { csrfOf } from '../begin.ts'
import type { Flow } from '../flow.ts'

/** Fills a new sign-in form with what the enabled methods ask for. */
export async function buildLoginForm(ctx: Context, _call: Call, flow: Flow, signed: Signed | undefined): Promise<void> {
  const own = { ...flow, name: 'login' as const }
  const nodes = (await Promise.all(stepsOf(ctx, own).map(({ step }) => step.nodes(ctx, flow, signed)))).flat()
  if (flow.type === 'browser' || nodes.length > 0) flow.ui.nodes.push(csrfOf(flow))
  for (const node of nodes) {
    if (node.attributes.node_type === 'input' && node.attributes.name === 'identifier') upsert(flow.ui, node)
    else flow.ui.nodes.push(node)
  }
  sortNodes(flow.ui, loginOrder)
}
