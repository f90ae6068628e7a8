import type { UiContainer, UiNode } from '@latchkey/api'

/** The JSON of forms that many flows have in common, by their list of nodes. */
const cache = new WeakMap<readonly UiNode[], string>()

/** Declares that a list of nodes belongs to many flows and is never changed, so that its JSON is written once. */
export function cacheJson(nodes: UiNode[]): UiNode[] {
  cache.set(nodes, JSON.stringify(nodes))
  return nodes
}

/** A form as JSON. */
export function formJson(ui: UiContainer): string {
  const cached = cache.get(ui.nodes)
  if (cached === undefined) return JSON.stringify(ui)
  const { nodes: _nodes, ...rest } = ui
  return `${JSON.stringify(rest).slice(0, -1)},"nodes":${cached}}`
}

/** An object as JSON, with the form's JSON in the place of its `ui`. */
export function withFormJson(object: object, form: string): string {
  const members = Object.entries(object)
  const at = members.findIndex(([key]) => key === 'ui')
  const before = JSON.stringify(Object.fromEntries(members.slice(0, at))).slice(1, -1)
  const after = JSON.stringify(Object.fromEntries(members.slice(at + 1))).slice(1, -1)
  return `{${[before, `"ui":${form}`, after].filter(Boolean).join(',')}}`
}
