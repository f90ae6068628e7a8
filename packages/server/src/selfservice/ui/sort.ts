import type { NodeOrder, UiContainer, UiNode } from '@latchkey/api'
import { nodeName, nodeValue } from './nodes.ts'

/** Brings a form's nodes into an order; nodes that are equal by it keep their places. */
export function sortNodes(ui: UiContainer, order: NodeOrder): void {
  // Groups that the order does not name come first, as with Kratos.
  const group = (node: UiNode) => order.groups.indexOf(node.group)
  const place = (node: UiNode) => {
    const name = nodeName(node)
    if (name === 'method') return order.names.length + 1
    const at = order.names.findIndex((prefix) => name.startsWith(prefix))
    return at === -1 ? order.names.length : at
  }
  const value = (node: UiNode) => {
    const own = nodeValue(node)
    // Tokens are random; the order shall not be.
    return nodeName(node) === 'csrf_token' && own ? 'token' : String(own ?? '<nil>')
  }
  ui.nodes.sort(
    (a, b) => group(a) - group(b) || place(a) - place(b) || (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0),
  )
}
