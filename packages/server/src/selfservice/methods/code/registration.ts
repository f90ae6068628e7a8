import { UpdateRegistrationFlowWithCodeMethod, uiText } from '@latchkey/api'
import { compiledSchema } from '../../../identity/index.ts'
import { transientPayload } from '../../flow/body.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { isTwoSteps } from '../../flow/registration-style.ts'
import { saveFlow } from '../../flow/store.ts'
import { decodeTraits } from '../../flow/traits.ts'
import type { ContinueFlow, Registered, RegistrationStep, SubmissionContext } from '../../method.ts'
import { fillForm } from '../../ui/container.ts'
import { csrfNode, input, methodButton, nodeName, nodeValue } from '../../ui/nodes.ts'
import { codeField, continueButton, hiddenMethod, resendButton } from './nodes.ts'
import { expiredCode, redeemLimited, requireKnownResend, tooManyCodes } from './redeem.ts'
import { sendRegistrationCode } from './send.ts'

/** Signing up with a code instead of a password. */
export const registration: RegistrationStep<typeof UpdateRegistrationFlowWithCodeMethod> = {
  enabled(ctx) {
    const { enabled, passwordless_enabled: passwordless } = ctx.config.identity.selfservice.methods.code
    return enabled && passwordless
  },
  body: UpdateRegistrationFlowWithCodeMethod,
  nodes: () => [methodButton('code', 'code', uiText(1040006))],
  decode(submission, { code: given, resend }) {
    const { flow } = submission
    const payload = transientPayload(submission.body)
    requireKnownResend(resend)
    if (flow.state === 'passed_challenge') throw new FlowError({ messages: [uiText(4010003)] })
    const sent = flow.state === 'sent_email'
    const before = sent ? sentAddresses(submission) : []
    if (sent) sentForm(flow)
    const entering = sent && !resend
    const missing = entering && !given ? [{ field: 'code', message: uiText(4000002, { property: 'code' }) }] : []
    const traits = decodeTraits(submission, missing)
    return () => (entering ? enter(submission, traits, { before, given }) : send(submission, traits, payload))
  },
}

/** The addresses that codes go to for these traits. */
function targets(
  { ctx, flow }: SubmissionContext,
  traits: Record<string, unknown>,
): { via: string; address: string }[] {
  const { identifiers } = compiledSchema(ctx, schemaOf(ctx, flow)).extract(traits)
  return identifiers
    .filter(({ type }) => type === 'code')
    .map(({ via, value }) => ({ via: via ?? 'email', address: value }))
}

async function send(
  submission: SubmissionContext,
  traits: Record<string, unknown>,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  const { ctx, flow, submittedValues } = submission
  const [target] = targets(submission, traits)
  if (!target)
    throw new FlowError({
      messages: [uiText(4000001, { reason: 'There is no address that a code could be sent to.' })],
    })
  flow.transientPayload = payload
  await sendRegistrationCode(ctx, flow, target, traits)
  flow.state = 'sent_email'
  flow.active = 'code'
  fillForm(flow.ui, submittedValues)
  hideTraits(flow)
  const back = isTwoSteps(ctx)
    ? [input('screen', 'profile', 'submit', { value: 'credential-selection', label: uiText(1040008) })]
    : []
  flow.ui.nodes.push(hiddenMethod(), codeField(1070012), continueButton(), resendButton(), ...back)
  flow.ui.messages = [uiText(1040005)]
  return { continueFlow: 400 }
}

/** The form of the second step as it is shown after a mistake. */
function sentForm(flow: Flow): void {
  hideTraits(flow)
  flow.ui.nodes.push(codeField(1070012), resendButton(), hiddenMethod(), continueButton())
}

/** Keeps what was submitted in hidden fields and removes the methods. */
function hideTraits(flow: Flow): void {
  const traits = flow.ui.nodes.filter((node) => nodeName(node).startsWith('traits.'))
  for (const node of traits) {
    if (node.attributes.node_type === 'input') node.attributes.type = 'hidden'
    node.messages = []
  }
  flow.ui.nodes = [csrfNode(flow.csrfToken), ...traits]
}

/** The addresses as they stood in the form before this submission. */
function sentAddresses(submission: SubmissionContext): string[] {
  const traits: Record<string, unknown> = {}
  for (const node of submission.flow.ui.nodes) {
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
  return targets(submission, traits).map(({ address }) => address)
}

async function enter(
  submission: SubmissionContext,
  traits: Record<string, unknown>,
  { before, given }: { before: readonly string[]; given: string },
): Promise<Registered> {
  const { ctx, flow } = submission
  const now = targets(submission, traits).map(({ address }) => address)
  if (now.join() !== before.join()) throw new FlowError({ messages: [uiText(4000036)] })
  const redeemed = await redeemLimited(submission, 'registration', given)
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
