import { fieldOfMessage } from '@latchkey/api'
import { isButton, isHidden, isInput, type Ui, type UiNode, type UiText } from './flow.ts'

/** A flow's messages sorted to where they are shown. */
export interface Placed {
  /** Messages for the top of the page. */
  top: UiText[]
  /** The nodes, with messages about one field moved to that field. */
  nodes: UiNode[]
  /** Names of the fields that are wrong, though the message about them stands on top. */
  suspects: ReadonlySet<string>
  /** The field that gets the focus, if any: the first wrong one. */
  firstWrong?: string
}

/** Wrong credentials: either field may be the wrong one, the password is the likelier. */
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
    // A hidden message has no field to stand beside.
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

/** Whether anything on the page is wrong, which its title says first. */
export function isInvalid(placed: Placed): boolean {
  return placed.top.some((message) => message.type === 'error') || placed.nodes.some(hasError)
}

/** A message about the traits as a whole comes as a field of that name, which nobody could fill in. */
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
