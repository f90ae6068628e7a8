import type { Context } from '../../../kernel/context.ts'
import type { Signed } from '../../../session/index.ts'
import { stepsOf } from '../../methods/index.ts'
import { settingsOrder, sortNodes } from '../../ui/sort.ts'
import { traitNames } from '../../ui/traits.ts'
import { csrfOf } from '../begin.ts'
import type { Flow } from '../flow.ts'

/** Fills a settings form with what the enabled methods offer for this identity. */
export async function buildSettingsForm(ctx: Context, flow: Flow, signed: Signed): Promise<void> {
  const own = { ...flow, name: 'settings' as const }
  const nodes = await Promise.all(stepsOf(ctx, own).map(({ step }) => step.nodes(ctx, flow, signed)))
  flow.ui.nodes = [csrfOf(flow), ...nodes.flat()]
  sortSettings(ctx, flow, signed)
}

export function sortSettings(ctx: Context, flow: Flow, { identity }: Signed): void {
  sortNodes(flow.ui, settingsOrder(traitNames(ctx, identity.document.schema_id)))
}
