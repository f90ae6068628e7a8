import type { UiContainer } from '@latchkey/api'
import { nodeName } from '../../ui/nodes.ts'

/** Puts the field for the answer of an authenticator in front of the button that asks for it. */
export function putFieldFirst(ui: UiContainer): void {
  const button = ui.nodes.findIndex((node) => nodeName(node) === 'passkey_register_trigger')
  const field = ui.nodes.findIndex((node) => nodeName(node) === 'passkey_register')
  if (button === -1 || field < button) return
  const [moved] = ui.nodes.splice(field, 1)
  if (moved) ui.nodes.splice(button, 0, moved)
}
