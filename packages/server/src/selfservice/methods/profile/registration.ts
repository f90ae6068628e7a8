import { type UiNode, UpdateRegistrationFlowWithProfileMethod, uiText } from '@latchkey/api'
import { traitPrefix, transientPayload } from '../../flow/body.ts'
import { FlowError } from '../../flow/flow.ts'
import { isTwoSteps } from '../../flow/registration-style.ts'
import { decodeTraits, submittedTraits } from '../../flow/traits.ts'
import type { ContinueFlow, RegistrationStep, SubmissionContext } from '../../method.ts'
import { fillForm } from '../../ui/container.ts'
import { csrfNode, input, nodeName } from '../../ui/nodes.ts'

/** Signing up in two steps: who one is first, how to sign in second, and back. */
export const registration: RegistrationStep<typeof UpdateRegistrationFlowWithProfileMethod> = {
  enabled: isTwoSteps,
  body: UpdateRegistrationFlowWithProfileMethod,
  // The form of the first step has its button already.
  nodes: () => [],
  decode(submission, { screen }) {
    if ('screen' in submission.body && !screens.includes(screen)) throw unknownScreen()
    if (screen === 'previous') {
      submittedTraits(submission)
      return () => goBack(submission)
    }
    const payload = transientPayload(submission.body)
    decodeTraits(submission)
    return () => chooseMethod(submission, payload)
  },
}

const screens: readonly string[] = ['credential-selection', 'previous']

function unknownScreen(): FlowError {
  const reason = `The screen must be ${screens.join(' or ')}.`
  return new FlowError({ fields: [{ field: 'screen', message: uiText(4000001, { reason }) }] })
}

async function chooseMethod(
  { flow, form, submittedValues }: SubmissionContext,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  fillForm(flow.ui, submittedValues)
  const traits = flow.ui.nodes.filter((node) => nodeName(node).startsWith(traitPrefix)).map(hideField)
  const previous = input('screen', 'profile', 'submit', { value: 'previous', label: uiText(1040008) })
  flow.ui.nodes = [csrfNode(flow.csrfToken), ...traits, ...(await form.methodNodes()), previous]
  flow.ui.messages = [uiText(1040009)]
  flow.state = 'choose_method'
  flow.transientPayload = payload
  form.sort()
  return { continueFlow: 400 }
}

async function goBack({ flow, form, submittedValues }: SubmissionContext): Promise<ContinueFlow> {
  await form.rebuild()
  delete flow.ui.messages
  flow.state = 'choose_method'
  fillForm(flow.ui, submittedValues)
  return { continueFlow: 400 }
}

function hideField(node: UiNode): UiNode {
  if (node.attributes.node_type !== 'input') return node
  return { ...node, attributes: { ...node.attributes, type: 'hidden' }, messages: [] }
}
