import { pageGroups, settingsSections } from '@latchkey/api'
import { type InputNode, isButton, isHidden, isInput, textOf, type UiNode } from './flow.ts'

/** A `<form>` on the page of a flow. */
export interface FlowForm {
  hidden: InputNode[]
  /** The fields that all methods share, and the first method with its buttons. */
  main: Method
  /** Other methods that use the shared fields. Their buttons skip the browser's form validation. */
  alternatives: Method[]
}

/** The visible nodes of a group: fields and texts, and buttons. */
export interface Method {
  group: string
  fields: UiNode[]
  buttons: InputNode[]
}

/**
 * Arranges the nodes of a flow as forms: a single form if methods share visible fields, so that these appear once,
 * otherwise one form per method, so that no method requires the fields of another. Every form contains the shared
 * hidden nodes of the flow (such as the CSRF token); the first form also contains those of methods that show nothing.
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

/** One form per method, for pages whose sections are saved separately. */
export function arrangeSections(nodes: UiNode[]): FlowForm[] {
  const visible = visibleOf(nodes)
  const groups = [...new Set(visible.map((node) => node.group))].sort(
    (a, b) => rankIn(settingsSections, a) - rankIn(settingsSections, b),
  )
  return groups.filter((group) => group !== 'captcha').map((group) => formOf(methodOf(group, visible), nodes))
}

/** Whether a button goes back or repeats a step, and must not look like the primary action. */
export function isQuiet({ attributes }: InputNode): boolean {
  const { name, type } = attributes
  const sendsAgain = ['email', 'recovery_confirm_address'].includes(name) && type === 'submit'
  return sendsAgain || ['resend', 'screen'].includes(name)
}

/** Whether a button removes a sign-in method. */
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

/** A flow can contain the same button twice, because a failed step adds its nodes again. */
function withoutTwins(buttons: InputNode[]): InputNode[] {
  return [
    ...new Map(buttons.map((button) => [`${button.attributes.name}=${textOf(button.attributes)}`, button])).values(),
  ]
}

/** Sorts methods with fields before methods with buttons only; methods with quiet buttons only come last. */
function weight(method: Method): number {
  const rank = rankIn(pageGroups, method.group)
  if (method.buttons.length > 0 && method.buttons.every(isQuiet)) return rank + 4 * pageGroups.length
  return rank + (method.fields.length > 0 ? 0 : 2 * pageGroups.length)
}

/** The index of a group in a list; groups that are not in the list come last. */
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

/** Whether all methods need the nodes of a group: fields of the flow itself, and the captcha. */
function isCommon(group: string): boolean {
  return group === 'default' || group === 'captcha'
}

function isShared(group: string): boolean {
  return isCommon(group) || group === 'identifier_first'
}
