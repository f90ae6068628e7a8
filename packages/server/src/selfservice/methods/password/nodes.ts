import { type UiNode, uiText } from '@latchkey/api'
import { input } from '../../ui/nodes.ts'

export function passwordField(autocomplete: 'current-password' | 'new-password'): UiNode {
  return input('password', 'password', 'password', { required: true, autocomplete, label: uiText(1070001) })
}
