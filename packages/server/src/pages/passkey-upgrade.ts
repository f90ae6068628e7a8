import type { Flow } from '@latchkey/pages'
import type { Context } from '../kernel/context.ts'
import { type Call, type Reply, redirect } from '../kernel/http/index.ts'
import {
  beginFlow,
  checkedReturnTo,
  destination,
  flowView,
  parseBeginOptions,
  publicUrl,
} from '../selfservice/index.ts'
import { showPage } from './show.ts'

/**
 * Asks the browser to make a passkey without asking the person, then goes on to `return_to` (the page for
 * `selfservice.methods.passkey.config.upgrade_ui_url`). The passkey is added by a settings flow.
 */
export async function passkeyUpgradePage(ctx: Context, call: Call): Promise<Reply> {
  const next = destination(ctx, checkedReturnTo(ctx, call.search.get('return_to')))
  const start = publicUrl(ctx, 'self-service/settings/browser')
  start.searchParams.set('return_to', next)
  const options = parseBeginOptions(start.searchParams, { type: 'browser', requestUrl: start.toString() })
  const outcome = await beginFlow.settings(ctx, call, options)
  if (outcome.type !== 'begun') return redirect(next)
  const flow = flowView(outcome.flow) as unknown as Flow
  const offersPasskey = flow.ui.nodes.some(
    ({ attributes }) => attributes.node_type === 'input' && attributes.name === 'passkey_create_data',
  )
  return offersPasskey ? showPage(ctx, call, { kind: 'passkey-upgrade', flow, next }) : redirect(next)
}
