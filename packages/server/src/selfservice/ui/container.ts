import type { UiContainer, UiNode, UiText } from '@latchkey/api'
import { csrfNode, input, nodeName } from './nodes.ts'

/** Puts a node in the place of the first one of its name, or at the end. */
export function upsert(ui: UiContainer, node: UiNode): void {
  const at = ui.nodes.findIndex((one) => nodeName(one) === nodeName(node))
  if (at === -1) ui.nodes.push(node)
  else ui.nodes[at] = node
}

export function setCsrf(ui: UiContainer, token: string): void {
  upsert(ui, csrfNode(token))
}

/** Fills in what was submitted; fields that the form does not have are left out. */
export function fillForm(ui: UiContainer, values: ReadonlyMap<string, unknown>): void {
  for (const { attributes } of ui.nodes) {
    if (attributes.node_type === 'input' && attributes.type !== 'submit' && values.has(attributes.name))
      attributes.value = values.get(attributes.name)
  }
}

/** Removes the messages of an earlier submission. */
export function clearMessages(ui: UiContainer): void {
  delete ui.messages
  clearFieldMessages(ui)
}

export function clearFieldMessages(ui: UiContainer): void {
  for (const node of ui.nodes) if (node.messages.length > 0) node.messages = []
}

/** Puts a message above the form. */
export function addMessage(ui: UiContainer, message: UiText): void {
  ui.messages = [...(ui.messages ?? []), message]
}

/** Puts a message beside its field; a field that the form lacks is added so that the message is seen. */
export function addFieldMessage(ui: UiContainer, field: string, message: UiText): void {
  const node = ui.nodes.find((one) => nodeName(one) === field)
  if (node) node.messages = [...node.messages, message]
  else ui.nodes.push({ ...input(field, 'default', 'text'), messages: [message] })
}
