import type { ContinueWith, RecoveryFlow } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { pageUrl } from '../flow/urls.ts'
import { flowView } from '../flow/view.ts'
import type { Outcomes } from '../outcome.ts'

/** A recovery flow that was passed: what to do first, and then the settings, in which the password is changed. */
export function recoveredBody(
  ctx: Context,
  { flow, settings }: Outcomes['recovered'],
  first: readonly ContinueWith[] = [],
): RecoveryFlow {
  const show: ContinueWith = { action: 'show_settings_ui', flow: { id: settings.id, url: pageUrl(ctx, settings) } }
  const { transientPayload = {} } = flow
  return flowView({ ...flow, transientPayload, continueWith: [...first, show] })
}
