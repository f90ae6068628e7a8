import type { UiNode, UiText } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Flow } from '../flow/flow.ts'
import { publicText } from '../flow/urls.ts'
import { type Group, input } from '../ui/nodes.ts'
import { scriptNode } from '../ui/script.ts'
import type { CeremonyOptions } from './options.ts'
import { scriptIntegrity, scriptPath, type Trigger } from './script.ts'

/** The autocomplete attribute of a field for which browsers suggest passkeys. */
export const suggestsPasskeys = 'username webauthn' as const

/** The script that the triggers of a form call. Apps have none. */
export function scriptNodes(ctx: Context, { type }: Pick<Flow, 'type'>): UiNode[] {
  if (type === 'api') return []
  const script = { src: publicText(ctx, scriptPath), integrity: scriptIntegrity, nonce: ctx.random.uuid() }
  return [scriptNode('webauthn_script', 'webauthn', script)]
}

/** The attributes of a button that calls a function of the script. Apps are told its name only. */
export function onClick({ type }: Pick<Flow, 'type'>, trigger: Trigger, options?: CeremonyOptions) {
  const given = options ? JSON.stringify(options) : ''
  return { onclickTrigger: trigger, ...(type === 'browser' && { onclick: `window.${trigger}(${given})` }) }
}

/** The attributes of a field that calls a function of the script when the page is loaded. */
export function onLoad({ type }: Pick<Flow, 'type'>, trigger: Trigger) {
  return { onloadTrigger: trigger, ...(type === 'browser' && { onload: `window.${trigger}()` }) }
}

/** The button that asks for a security key; its options are in its value, too. */
export function keyButton(
  flow: Pick<Flow, 'type'>,
  { name, group, trigger, label }: { name: string; group: Group; trigger: Trigger; label: UiText },
  options: CeremonyOptions,
): UiNode {
  return input(name, group, 'button', { value: JSON.stringify(options), label, ...onClick(flow, trigger, options) })
}
