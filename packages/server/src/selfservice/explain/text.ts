import { messages as catalog, type FlowStepDetails, type FlowStepName } from '@latchkey/api'

/** A step as a sentence. */
export function textOfStep(step: FlowStepName, details: FlowStepDetails): string {
  return texts[step](details)
}

const texts: Readonly<Record<FlowStepName, (of: FlowStepDetails) => string>> = {
  begun: () => 'The flow began.',
  submitted: () => 'The form was submitted.',
  session: ({ identity_id: id, aal }) => `The request has a session of the identity ${id} (${aal}).`,
  expired: () => 'The flow has expired.',
  method: ({ method }) => `The method is ${method}.`,
  anti_csrf: () => 'The anti-CSRF token was accepted, or is not needed.',
  captcha: captchaText,
  limit: limitText,
  account: ({ identity_id: id }) => `The identity is ${id}.`,
  accepted: ({ method }) => `The method ${method} accepted what was submitted.`,
  hook: hookText,
  message: ({ via, flow_id: id }) => `A message by ${via} was queued for the flow ${id}.`,
  provider: () => 'The browser was sent to the sign-in provider.',
  shown: ({ messages = [] }) =>
    messages.length > 0 ? `The form was shown with the messages ${idsOf(messages)}.` : 'The form was shown.',
  second_factor: () => 'The session needs a second factor, which is asked for in a flow of its own.',
  new_flow: ({ flow_id: id }) => `The flow ${id} takes the place of this one.`,
  completed: ({ identity_id: id, session_id: session, aal }) =>
    session
      ? `The flow was completed: the identity ${id} has the session ${session} (${aal}).`
      : `The flow was completed for the identity ${id}.`,
  rejected: ({ messages = [] }) => `The submission was rejected: ${wordingOf(messages)}`,
  failed: ({ error, status }) =>
    `The request ended with the error ${error}${error === String(status) ? '' : ` (${status})`}.`,
  omitted: ({ omitted }) => `${omitted} steps are left out.`,
}

function captchaText({ provider, outcome }: FlowStepDetails): string {
  if (outcome === 'failed') return `The captcha could not be verified, because ${provider} gave no answer of use.`
  return outcome === 'passed'
    ? `The token of the captcha was accepted by ${provider}.`
    : `A token of the captcha of ${provider} is missing or was refused.`
}

function limitText({
  limit,
  proof,
  via,
  known_device: isKnown,
  identity_id: id,
  count,
  permitted,
  outcome,
  ...of
}: FlowStepDetails) {
  const what =
    limit === 'attempts'
      ? `Attempt at the proof “${proof}”`
      : limit === 'messages'
        ? `Message by ${via}`
        : 'Registration'
  const whom = id ? ` of the identity ${id}` : limit === 'registrations' ? '' : ', no identity has this identifier'
  const device = isKnown ? ', in a browser of this identity' : ''
  const work = of.challenge ? `; a proof of work was ${of.challenge === 'solved' ? 'given' : 'demanded'}` : ''
  const end = outcome === 'refused' && of.seconds_to_wait ? `; refused for ${of.seconds_to_wait} seconds` : ''
  return `${what}${whom}${device}: ${count} of ${permitted} within the window${work}${end}.`
}

function hookText({ hook, when, status, outcome }: FlowStepDetails): string {
  const result = status === undefined ? 'could not be reached' : `answered with status ${status}`
  const how =
    when === 'notified'
      ? 'notified after the flow was stored'
      : when === 'before'
        ? 'asked before the flow began'
        : 'asked'
  return `The web hook ${hook} was ${how} and ${result}${outcome === 'failed' ? ' (failed)' : ''}.`
}

function idsOf(messages: readonly number[]): string {
  return messages.join(', ')
}

/** Messages by ID, with their English wording unless it has to be filled in. */
function wordingOf(ids: readonly number[]): string {
  const known: Readonly<Record<number, { name: string; text: string }>> = catalog
  const words = ids.map((id) => {
    const message = known[id]
    if (!message) return String(id)
    return `${id} (${message.text.includes('{') ? message.name : message.text.replace(/\.$/, '')})`
  })
  return `${words.join(', ') || 'without a message'}.`
}
