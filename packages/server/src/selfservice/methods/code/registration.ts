import { uiText } from '@latchkey/api'
import { compiledSchema } from '../../../identity/index.ts'
import { textField, transientPayload } from '../../flows/body.ts'
import { FlowError } from '../../flows/flow.ts'
import { isTwoSteps } from '../../flows/registration/form.ts'
import { decodeTraits } from '../../flows/registration/traits.ts'
import { schemaOf } from '../../flows/requested.ts'
import { saveFlow } from '../../flows/store.ts'
import { fillTyped } from '../../flows/submit.ts'
import type { RegistrationOutcome, Step, Turn } from '../../turn.ts'
import { csrfNode, input, methodButton, nodeName, nodeValue } from '../../ui/nodes.ts'
import { codeField, continueButton, hiddenMethod, resendButton } from './nodes.ts'
import { expiredCode, tooManyCodes } from './refusals.ts'
import { sendRegistrationCode } from './send.ts'
import { tryCode } from './try.ts'

/** Signing up with a code instead of a password. */
export const registration: Step<RegistrationOutcome> = {
  nodes: () => [methodButton('code', 'code', uiText(1040006))],
  decode(turn) {
    const { flow, body } = turn
    const payload = transientPayload(body)
    if (flow.state === 'passed_challenge') throw new FlowError({ messages: [uiText(4010003)] })
    const sent = flow.state === 'sent_email'
    const before = sent ? sentAddresses(turn) : []
    if (sent) sentForm(turn)
    const entering = sent && !textField(body, 'resend')
    const given = textField(body, 'code')
    const missing = entering && !given ? [{ field: 'code', message: uiText(4000002, { property: 'code' }) }] : []
    const traits = decodeTraits(turn, missing)
    return () => (entering ? enter(turn, traits, before, given) : send(turn, traits, payload))
  },
}

/** The addresses that codes go to for these traits. */
function targets({ ctx, flow }: Turn, traits: Record<string, unknown>): { via: string; address: string }[] {
  const { identifiers } = compiledSchema(ctx, schemaOf(ctx, flow)).extract(traits)
  return identifiers
    .filter(({ type }) => type === 'code')
    .map(({ via, value }) => ({ via: via ?? 'email', address: value }))
}

async function send(
  turn: Turn,
  traits: Record<string, unknown>,
  payload: Record<string, unknown>,
): Promise<RegistrationOutcome> {
  const { ctx, flow } = turn
  const [target] = targets(turn, traits)
  if (!target)
    throw new FlowError({
      messages: [uiText(4000001, { reason: 'There is no address that a code could be sent to.' })],
    })
  flow.transientPayload = payload
  await sendRegistrationCode(ctx, flow, target, traits)
  flow.state = 'sent_email'
  flow.active = 'code'
  fillTyped(turn)
  hideTraits(turn)
  const back = isTwoSteps(ctx)
    ? [input('screen', 'profile', 'submit', { value: 'credential-selection', label: uiText(1040008) })]
    : []
  flow.ui.nodes.push(hiddenMethod(), codeField(1070012), continueButton(), resendButton(), ...back)
  flow.ui.messages = [uiText(1040005)]
  return { stay: true, status: 400 }
}

/** The form of the second step as it is shown after a mistake. */
function sentForm(turn: Turn): void {
  hideTraits(turn)
  turn.flow.ui.nodes.push(codeField(1070012), resendButton(), hiddenMethod(), continueButton())
}

/** Keeps what was typed in hidden fields and removes the methods. */
function hideTraits({ flow }: Turn): void {
  const traits = flow.ui.nodes.filter((node) => nodeName(node).startsWith('traits.'))
  for (const node of traits) {
    if (node.attributes.node_type === 'input') node.attributes.type = 'hidden'
    node.messages = []
  }
  flow.ui.nodes = [csrfNode(flow.csrfToken), ...traits]
}

/** The addresses as they stood in the form before this submission. */
function sentAddresses(turn: Turn): string[] {
  const traits: Record<string, unknown> = {}
  for (const node of turn.flow.ui.nodes) {
    const path = nodeName(node).split('.').slice(1)
    const last = path.pop()
    if (!last || !nodeName(node).startsWith('traits.') || nodeValue(node) === undefined) continue
    let at = traits
    for (const key of path) {
      at[key] ??= {}
      at = at[key] as Record<string, unknown>
    }
    at[last] = nodeValue(node)
  }
  return targets(turn, traits).map(({ address }) => address)
}

async function enter(
  turn: Turn,
  traits: Record<string, unknown>,
  before: readonly string[],
  given: string,
): Promise<RegistrationOutcome> {
  const { ctx, flow } = turn
  const now = targets(turn, traits).map(({ address }) => address)
  if (now.join() !== before.join()) throw new FlowError({ messages: [uiText(4000036)] })
  const redeemed = await tryCode(turn, 'registration', given)
  if ('refused' in redeemed) {
    if (redeemed.refused === 'expired') throw expiredCode(flow)
    throw new FlowError({ messages: [redeemed.refused === 'too many' ? tooManyCodes() : uiText(4040003)] })
  }
  const { via, address } = redeemed.found
  if (!now.includes(address)) throw new FlowError({ messages: [uiText(4000036)] })
  flow.state = 'passed_challenge'
  await saveFlow(ctx, flow)
  return { traits, credentials: {}, proof: { method: 'code', aal: 'aal1' }, verified: { via, value: address } }
}
