/** The properties of a flow of the self-service API that the pages use. Unknown properties are ignored. */
export interface Flow {
  id: string
  state?: unknown
  active?: string
  refresh?: boolean
  requested_aal?: string
  return_to?: string
  oauth2_login_challenge?: string
  oauth2_login_request?: { client?: { client_id?: string; client_name?: string } }
  identity?: FlowIdentity
  ui: Ui
}

export interface Ui {
  action: string
  method: string
  nodes: UiNode[]
  messages?: UiText[]
}

export interface UiText {
  id: number
  type: 'info' | 'error' | 'success'
  text: string
  context?: Record<string, unknown>
}

export interface UiNode {
  type: string
  group: string
  attributes: UiAttributes
  messages: UiText[]
  meta: { label?: UiText }
}

export type UiAttributes =
  | InputAttributes
  | TextAttributes
  | ImageAttributes
  | AnchorAttributes
  | ScriptAttributes
  | DivisionAttributes

export interface InputAttributes {
  node_type: 'input'
  name: string
  type: string
  value?: unknown
  required?: boolean
  disabled?: boolean
  autocomplete?: string
  pattern?: string
  maxlength?: number
  label?: UiText
  options?: { value: unknown }[]
  onclickTrigger?: string
  onloadTrigger?: string
}

export interface TextAttributes {
  node_type: 'text'
  id: string
  text: UiText
}

export interface ImageAttributes {
  node_type: 'img'
  id: string
  src: string
  width: number
  height: number
}

export interface AnchorAttributes {
  node_type: 'a'
  id: string
  href: string
  title: UiText
}

export interface ScriptAttributes {
  node_type: 'script'
  id: string
  src: string
  type: string
  async: boolean
  crossorigin: string
  integrity: string
  referrerpolicy: string
  nonce: string
}

export interface DivisionAttributes {
  node_type: 'div'
  id: string
  class?: string
  data?: Record<string, string>
}

export interface FlowIdentity {
  id: string
  traits?: unknown
  verifiable_addresses?: { value: string; verified: boolean; via: string }[]
}

export type InputNode = UiNode & { attributes: InputAttributes }

export function isInput(node: UiNode): node is InputNode {
  return node.attributes.node_type === 'input'
}

export function isHidden(node: UiNode): node is InputNode {
  return isInput(node) && node.attributes.type === 'hidden'
}

/** Whether a node is a submit button or a button that triggers a script. */
export function isButton(node: UiNode): node is InputNode {
  return isInput(node) && (node.attributes.type === 'submit' || node.attributes.type === 'button')
}

/** The value of an input as text; undefined if it is not a scalar, which an attribute cannot contain. */
export function textOf({ value }: Pick<InputAttributes, 'value'>): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return undefined
}

/** The texts of a trait that is a list; undefined for other fields. */
export function listOf({ value }: Pick<InputAttributes, 'value'>): string[] | undefined {
  return Array.isArray(value) ? value.map((item) => textOf({ value: item }) ?? JSON.stringify(item)) : undefined
}
