import type { UiContainer, UiNode } from '@latchkey/api'

/** The JSON of forms that many flows have in common, by their list of nodes. */
const shared = new WeakMap<readonly UiNode[], string>()

/** Declares that a list of nodes stands in many flows and is never changed, so that its JSON is written once. */
export function share(nodes: UiNode[]): UiNode[] {
  shared.set(nodes, JSON.stringify(nodes))
  return nodes
}

/** A form as JSON. */
export function uiText(ui: UiContainer): string {
  const known = shared.get(ui.nodes)
  if (known === undefined) return JSON.stringify(ui)
  const { nodes: _nodes, ...rest } = ui
  return `${JSON.stringify(rest).slice(0, -1)},"nodes":${known}}`
}

/** An object as JSON, with the form's JSON in the place of its `ui`. */
export function withUi(object: object, ui: string): string {
  const members = Object.entries(object)
  const at = members.findIndex(([key]) => key === 'ui')
  const before = JSON.stringify(Object.fromEntries(members.slice(0, at))).slice(1, -1)
  const after = JSON.stringify(Object.fromEntries(members.slice(at + 1))).slice(1, -1)
  return `{${[before, `"ui":${ui}`, after].filter(Boolean).join(',')}}`
}
