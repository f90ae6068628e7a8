import { type UiNode, type UiNodeInputAttributes, type UiText, uiText } from '@latchkey/api'

export type Group = UiNode['group']
export type InputType = UiNodeInputAttributes['type']
type InputOptions = Partial<
  Pick<
    UiNodeInputAttributes,
    | 'value'
    | 'required'
    | 'autocomplete'
    | 'pattern'
    | 'maxlength'
    | 'options'
    | 'disabled'
    | 'onclick'
    | 'onclickTrigger'
    | 'onload'
    | 'onloadTrigger'
  >
> & { label?: UiText }

/** An input field or button as the API writes it. */
export function input(
  name: string,
  group: Group,
  type: InputType,
  { label, disabled, ...attributes }: InputOptions = {},
): UiNode {
  return {
    type: 'input',
    group,
    attributes: { name, type, disabled: disabled ?? false, node_type: 'input', ...attributes },
    messages: [],
    meta: label ? { label } : {},
  }
}

/** The hidden field that repeats the browser's anti-CSRF token; empty for apps. */
export function csrfNode(token: string): UiNode {
  return input('csrf_token', 'default', 'hidden', { required: true, value: token })
}

/** The button that submits by a method. */
export function methodButton(method: string, group: Group, label: UiText): UiNode {
  return input('method', group, 'submit', { value: method, label })
}

/** A link to go on with. */
export function link(id: string, group: Group, href: string, title: UiText): UiNode {
  return { type: 'a', group, attributes: { id, href, title, node_type: 'a' }, messages: [], meta: { label: title } }
}

/** The button that sends a message again to the same address. */
export function resendToButton(email: string): UiNode {
  return input('email', 'code', 'submit', { value: email, label: uiText(1070008) })
}

export const continueLabel = () => uiText(1070009)

/** A picture. */
export function image(
  id: string,
  group: Group,
  { label, ...attributes }: { src: string; width: number; height: number; label: UiText },
): UiNode {
  return { type: 'img', group, attributes: { id, node_type: 'img', ...attributes }, messages: [], meta: { label } }
}

/** A text to read, such as a secret. */
export function text(id: string, group: Group, { text, label }: { text: UiText; label: UiText }): UiNode {
  return { type: 'text', group, attributes: { id, node_type: 'text', text }, messages: [], meta: { label } }
}

/** The name under which a node is found: the field's name, or the id of what is no field. */
export function nodeName({ attributes }: UiNode): string {
  return attributes.node_type === 'input' ? attributes.name : attributes.id
}

export function nodeValue({ attributes }: UiNode): unknown {
  return attributes.node_type === 'input' ? attributes.value : undefined
}
