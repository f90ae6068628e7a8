import { type Flow, isHidden, isInput, textOf, type UiNode } from './flow.ts'

/** The address that a code or link was sent to, or the identifier of the sign-in, if the flow contains it. */
export function addressOf(flow: Flow): string | undefined {
  const masked = flow.ui.messages?.map(maskedAddress).find(Boolean)
  const nodes = flow.ui.nodes
  return (
    valueNamed(nodes, 'identifier') ?? resendAddress(nodes) ?? masked ?? (sent(flow) ? traitAddress(nodes) : undefined)
  )
}

/** Whether a code or link was sent and the flow waits for it. */
export function sent(flow: Flow): boolean {
  return flow.state === 'sent_email' || flow.state === 'recovery_awaiting_code'
}

function valueNamed(nodes: UiNode[], name: string): string | undefined {
  const node = nodes.find((candidate) => isHidden(candidate) && candidate.attributes.name === name)
  return (node && isInput(node) && textOf(node.attributes)) || undefined
}

/** The address is the value of the button that resends the code, or of the hidden field of a flow with links. */
function resendAddress(nodes: UiNode[]): string | undefined {
  for (const { attributes } of nodes.filter(isInput)) {
    if (!['submit', 'hidden'].includes(attributes.type)) continue
    const value = textOf(attributes)
    // After a choice among several addresses, the code may have been sent to a phone.
    if (attributes.name === 'recovery_confirm_address' && value) return value
    if (attributes.name === 'email' && value?.includes('@')) return value
  }
  return undefined
}

function traitAddress(nodes: UiNode[]): string | undefined {
  const values = nodes.filter(isHidden).filter(({ attributes }) => attributes.name.startsWith('traits.'))
  const told = values.find(({ attributes }) => attributes.autocomplete === 'email' || attributes.autocomplete === 'tel')
  const value = told && textOf(told.attributes)
  return value || values.map(({ attributes }) => textOf(attributes)).find((text) => text?.includes('@'))
}

function maskedAddress(message: { context?: Record<string, unknown> }): string | undefined {
  const { masked_address: masked } = message.context ?? {}
  return typeof masked === 'string' ? masked : undefined
}
