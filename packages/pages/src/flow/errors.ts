import { fieldOfMessage } from '@latchkey/api'
import { isButton, isHidden, isInput, type Ui, type UiNode, type UiText } from './flow.ts'

/** The messages of a flow by the position where they are shown. */
export interface Placed {
  /** Messages at the top of the page. */
  top: UiText[]
  /** The nodes, including messages of the flow that concern one field. */
  nodes: UiNode[]
  /** Names of the invalid fields whose message is at the top of the page. */
  suspects: ReadonlySet<string>
  /** The first invalid field, which gets the focus. */
  firstWrong?: string
}

/** Message id of wrong credentials. The wrong field is unknown; the password is more likely. */
const wrongCredentials = 4000006

export function placeMessages(ui: Ui): Placed {
  const fields = new Set(ui.nodes.filter((node) => isInput(node) && !isHidden(node) && !isButton(node)).map(nameOf))
  const top: UiText[] = []
  const moved = new Map<string, UiText[]>()
  for (const message of unique(ui.messages ?? [])) {
    const field = fieldOfMessage[message.id]
    if (field !== undefined && fields.has(field)) moved.set(field, [...(moved.get(field) ?? []), message])
    else top.push(message)
  }
  const nodes: UiNode[] = []
  for (const node of ui.nodes) {
    // Messages of hidden nodes have no visible field to be shown at.
    const messages = unique([...node.messages, ...(moved.get(nameOf(node) ?? '') ?? [])])
    if (isHidden(node) || isWhole(node)) top.push(...messages)
    if (!isWhole(node)) nodes.push({ ...node, messages: isHidden(node) ? [] : messages })
  }
  const suspects = new Set(top.some((message) => message.id === wrongCredentials) ? ['password'] : [])
  const wrong = nodes.find((node) => isInput(node) && (hasError(node) || suspects.has(node.attributes.name)))
  return { top: unique(top), nodes, suspects, firstWrong: wrong && nameOf(wrong) }
}

export function hasError(node: UiNode): boolean {
  return node.messages.some((message) => message.type === 'error')
}

/** Whether the page has an error, which is announced in the title. */
export function isInvalid(placed: Placed): boolean {
  return placed.top.some((message) => message.type === 'error') || placed.nodes.some(hasError)
}

/** Whether a node is the pseudo field `traits`, which only carries messages about the traits as a whole. */
function isWhole(node: UiNode): boolean {
  return isInput(node) && node.attributes.name === 'traits'
}

function nameOf(node: UiNode): string | undefined {
  return isInput(node) ? node.attributes.name : undefined
}

function unique(messages: UiText[]): UiText[] {
  const seen = new Set<string>()
  return messages.filter((message) => {
    const key = `${message.id} ${message.text}`
    return !seen.has(key) && seen.add(key)
  })
}
