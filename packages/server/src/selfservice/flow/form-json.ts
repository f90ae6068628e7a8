import type { UiContainer, UiNode } from '@latchkey/api'

/** The JSON of forms shared by many flows, by their list of nodes. */
const cache = new WeakMap<readonly UiNode[], string>()

/** Caches the JSON of a list of nodes that is shared by many flows and never modified. */
export function cacheJson(nodes: UiNode[]): UiNode[] {
  cache.set(nodes, JSON.stringify(nodes))
  return nodes
}

/** Returns the JSON of a form, cached if its nodes are shared. */
export function formJson(ui: UiContainer): string {
  const cached = cache.get(ui.nodes)
  if (cached === undefined) return JSON.stringify(ui)
  const { nodes: _nodes, ...rest } = ui
  return `${JSON.stringify(rest).slice(0, -1)},"nodes":${cached}}`
}

/** Serializes an object with the given form JSON as its `ui`. */
export function withFormJson(object: object, form: string): string {
  const members = Object.entries(object)
  const at = members.findIndex(([key]) => key === 'ui')
  const before = JSON.stringify(Object.fromEntries(members.slice(0, at))).slice(1, -1)
  const after = JSON.stringify(Object.fromEntries(members.slice(at + 1))).slice(1, -1)
  return `{${[before, `"ui":${form}`, after].filter(Boolean).join(',')}}`
}
