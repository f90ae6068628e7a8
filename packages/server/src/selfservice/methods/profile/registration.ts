import { type UiNode, uiText } from '@latchkey/api'
import { textField, transientPayload } from '../../flows/body.ts'
import { buildRegistrationForm, methodNodes, sortRegistration } from '../../flows/registration/form.ts'
import { decodeTraits, noteTraits } from '../../flows/registration/traits.ts'
import { fillTyped } from '../../flows/submit.ts'
import type { RegistrationOutcome, Step, Turn } from '../../turn.ts'
import { csrfNode, input, nodeName } from '../../ui/nodes.ts'

/** Signing up in two steps: who one is first, how to sign in second, and back. */
export const registration: Step<RegistrationOutcome> = {
  // The form of the first step has its button already.
  nodes: () => [],
  decode(turn) {
    if (textField(turn.body, 'screen') === 'previous') {
      noteTraits(turn)
      return () => back(turn)
    }
    const payload = transientPayload(turn.body)
    decodeTraits(turn)
    return () => chooseMethod(turn, payload)
  },
}

async function chooseMethod(turn: Turn, payload: Record<string, unknown>): Promise<RegistrationOutcome> {
  const { ctx, flow } = turn
  fillTyped(turn)
  const traits = flow.ui.nodes.filter((node) => nodeName(node).startsWith('traits.')).map(hidden)
  const previous = input('screen', 'profile', 'submit', { value: 'previous', label: uiText(1040008) })
  flow.ui.nodes = [csrfNode(flow.csrfToken), ...traits, ...(await methodNodes(ctx, flow)), previous]
  flow.ui.messages = [uiText(1040009)]
  flow.state = 'choose_method'
  flow.transientPayload = payload
  sortRegistration(ctx, flow)
  return { stay: true, status: 400 }
}

async function back(turn: Turn): Promise<RegistrationOutcome> {
  const { ctx, flow } = turn
  await buildRegistrationForm(ctx, flow)
  delete flow.ui.messages
  flow.state = 'choose_method'
  fillTyped(turn)
  return { stay: true, status: 400 }
}

function hidden(node: UiNode): UiNode {
  if (node.attributes.node_type !== 'input') return node
  return { ...node, attributes: { ...node.attributes, type: 'hidden' }, messages: [] }
}
