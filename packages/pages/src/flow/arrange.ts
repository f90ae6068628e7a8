import { pageGroups, settingsSections } from '@latchkey/api'
import { type InputNode, isButton, isHidden, isInput, textOf, type UiNode } from './flow.ts'

/** One `<form>` of a flow's page. */
export interface FlowForm {
  hidden: InputNode[]
  /** What comes first: the fields that all methods share, and the first method with its buttons. */
  main: Method
  /** Other ways to go on with the same shared fields. Their buttons skip the browser's own checks. */
  alternatives: Method[]
}

/** A group's visible nodes: what one fills in or reads, and what one presses. */
export interface Method {
  group: string
  fields: UiNode[]
  buttons: InputNode[]
}

/**
 * Lays a flow's nodes out as forms: one form where methods share visible fields, so that they are asked for once,
 * else one form per method, so that no method demands another's fields. Every form carries the flow's shared hidden
 * nodes (the csrf token among them); hidden nodes of methods that show nothing go with the first form.
 */
export function arrange(nodes: UiNode[]): FlowForm[] {
  const visible = visibleOf(nodes)
  const shared = visible.filter((node) => isCommon(node.group) && !isButton(node))
  const [first, ...others] = methodsOf(visible)
  if (!first) {
    return [
      { hidden: nodes.filter(isHidden), main: { group: 'default', fields: shared, buttons: [] }, alternatives: [] },
    ]
  }
  const main = { ...first, fields: [...shared, ...first.fields] }
  if (shared.length > 0) return [{ hidden: hiddenOf(nodes, () => true), main, alternatives: others }]

  const apart = new Set(others.map((method) => method.group))
  const hidden = hiddenOf(nodes, (group) => !apart.has(group))
  return [{ hidden, main, alternatives: [] }, ...others.map((method) => formOf(method, nodes))]
}

/** One form per method, for pages whose sections are saved one by one. */
export function arrangeSections(nodes: UiNode[]): FlowForm[] {
  const visible = visibleOf(nodes)
  const groups = [...new Set(visible.map((node) => node.group))].sort(
    (a, b) => rankIn(settingsSections, a) - rankIn(settingsSections, b),
  )
  return groups.filter((group) => group !== 'captcha').map((group) => formOf(methodOf(group, visible), nodes))
}

/** A button that undoes or repeats a step: it must not look like the way forward. */
export function isQuiet({ attributes }: InputNode): boolean {
  return ['resend', 'screen'].includes(attributes.name) || (attributes.name === 'email' && attributes.type === 'submit')
}

/** A button that takes a way to sign in away. */
export function isDestructive({ attributes }: InputNode): boolean {
  return /(^unlink$|_unlink$|_disable$|_remove$)/.test(attributes.name)
}

function visibleOf(nodes: UiNode[]): UiNode[] {
  return nodes.filter((node) => !isHidden(node) && node.attributes.node_type !== 'script')
}

function methodsOf(visible: UiNode[]): Method[] {
  const groups = [
    ...new Set(visible.filter((node) => !isCommon(node.group) || isButton(node)).map((node) => node.group)),
  ]
  const methods = groups.map((group) => {
    const method = methodOf(group, visible)
    return isCommon(group) ? { ...method, fields: [] } : method
  })
  const usable = methods.filter((method) => method.buttons.length > 0 || method.fields.some((node) => !isInput(node)))
  return (usable.length > 0 ? usable : methods).sort((a, b) => weight(a) - weight(b))
}

function methodOf(group: string, visible: UiNode[]): Method {
  const own = visible.filter((node) => node.group === group)
  const buttons = withoutTwins(own.filter(isButton))
  return {
    group,
    fields: own.filter((node) => !isButton(node)),
    buttons: [...buttons.filter((node) => !isQuiet(node)), ...buttons.filter(isQuiet)],
  }
}

/** A flow can hold the same button twice, where a failed step added its nodes anew. */
function withoutTwins(buttons: InputNode[]): InputNode[] {
  return [
    ...new Map(buttons.map((button) => [`${button.attributes.name}=${textOf(button.attributes)}`, button])).values(),
  ]
}

/** A method with fields comes before methods that are a mere button; "back" and the like come last. */
function weight(method: Method): number {
  const rank = rankIn(pageGroups, method.group)
  if (method.buttons.length > 0 && method.buttons.every(isQuiet)) return rank + 4 * pageGroups.length
  return rank + (method.fields.length > 0 ? 0 : 2 * pageGroups.length)
}

/** The place of a group in a list; those that the list does not name come last. */
function rankIn(groups: readonly string[], group: string): number {
  const rank = groups.indexOf(group)
  return rank === -1 ? groups.length : rank
}

function formOf(method: Method, nodes: UiNode[]): FlowForm {
  return { hidden: hiddenOf(nodes, (group) => group === method.group), main: method, alternatives: [] }
}

function hiddenOf(nodes: UiNode[], has: (group: string) => boolean): InputNode[] {
  const found = new Map<string, InputNode>()
  for (const node of nodes) {
    if (!isHidden(node) || !(isShared(node.group) || has(node.group))) continue
    found.set(`${node.attributes.name}=${textOf(node.attributes)}`, node)
  }
  return [...found.values()]
}

/** What every method needs: the flow's own fields, and proof that a person fills them in. */
function isCommon(group: string): boolean {
  return group === 'default' || group === 'captcha'
}

function isShared(group: string): boolean {
  return isCommon(group) || group === 'identifier_first'
}
