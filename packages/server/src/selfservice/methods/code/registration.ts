import { isDeepStrictEqual } from 'node:util'
import { UpdateRegistrationFlowWithCodeMethod, uiText } from '@latchkey/api'
import { compiledSchema } from '../../../identity/index.ts'
import { transientPayload } from '../../flow/body.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { isTwoSteps } from '../../flow/registration-style.ts'
import { saveFlow } from '../../flow/store.ts'
import { decodeTraits } from '../../flow/traits.ts'
import { limitMessages } from '../../limits/index.ts'
import type { ContinueFlow, Registered, RegistrationStep, SubmissionContext } from '../../method.ts'
import { fillForm, setCsrf } from '../../ui/container.ts'
import { input, methodButton, nodeName, nodeValue } from '../../ui/nodes.ts'
import { codeField, continueButton, hiddenMethod, resendButton } from './nodes.ts'
import { expiredCode, redeemLimited, refusalOf, requireKnownResend } from './redeem.ts'
import { sendRegistrationCode } from './send.ts'

/** Registration with a code instead of a password. */
export const registration: RegistrationStep<typeof UpdateRegistrationFlowWithCodeMethod> = {
  enabled(ctx) {
    const { enabled, passwordless_enabled: passwordless } = ctx.config.identity.selfservice.methods.code
    return enabled && passwordless
  },
  body: UpdateRegistrationFlowWithCodeMethod,
  nodes: () => [methodButton('code', 'code', uiText(1040006))],
  showMistake: ({ request, flow }) => setCsrf(flow.ui, request.csrf.knownFormToken()),
  decode(submission, { code: given, resend }) {
    const { flow } = submission
    requireKnownResend(resend)
    const payload = transientPayload(submission.body)
    const traits = decodeTraits(submission)
    return async () => {
      if (resend) flow.state = 'choose_method'
      if (flow.state === 'passed_challenge') throw new FlowError({ messages: [uiText(4010003)] })
      if (flow.state !== 'sent_email') return send(submission, traits, payload)
      if (!given) throw new FlowError({ fields: [{ field: 'code', message: uiText(4000002, { property: 'code' }) }] })
      requireShownTraits(submission)
      return enter(submission, traits, given)
    }
  },
}

/** The addresses in these traits to which codes are sent. */
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
  await limitMessages(submission, target)
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

/** Moves the submitted traits to hidden inputs and removes the other methods. */
function hideTraits(flow: Flow): void {
  const kept = flow.ui.nodes.filter(
    ({ group, attributes }) => group === 'default' && !('type' in attributes && attributes.type === 'submit'),
  )
  for (const node of kept) {
    if (node.attributes.node_type === 'input') node.attributes.type = 'hidden'
    node.messages = []
  }
  flow.ui.nodes = kept
  if (flow.type === 'browser') setCsrf(flow.ui, flow.csrfToken)
}

/** Throws FlowError if the traits differ from those for which the code was sent. */
function requireShownTraits({ flow, submittedValues }: SubmissionContext): void {
  for (const node of flow.ui.nodes) {
    const name = nodeName(node)
    if (!submittedValues.has(name) || isDeepStrictEqual(nodeValue(node), submittedValues.get(name))) continue
    throw new FlowError({ messages: [uiText(4000036)] })
  }
}

async function enter(
  submission: SubmissionContext,
  traits: Record<string, unknown>,
  given: string,
): Promise<Registered> {
  const { ctx, flow } = submission
  const now = targets(submission, traits).map(({ address }) => address)
  const redeemed = await redeemLimited(submission, 'registration', given)
  if ('refused' in redeemed) {
    if (redeemed.refused === 'expired') throw expiredCode(flow)
    throw new FlowError({ messages: [refusalOf(redeemed.refused, uiText(4040003))] })
  }
  const { via, address } = redeemed.found
  if (!now.includes(address)) throw new FlowError({ messages: [uiText(4000036)] })
  flow.state = 'passed_challenge'
  await saveFlow(ctx, flow)
  return { traits, credentials: {}, proof: { method: 'code', aal: 'aal1' }, verified: [{ via, value: address }] }
}
