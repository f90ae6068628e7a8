import { UpdateRecoveryFlowWithCodeMethod, uiText } from '@latchkey/api'
import { checkAddressInput, submittedAddress } from '../../flow/address-input.ts'
import { transientPayload } from '../../flow/body.ts'
import { inEqualTime } from '../../flow/equal-time.ts'
import { FlowError, isChoosingAddress } from '../../flow/flow.ts'
import { insertFlow } from '../../flow/store.ts'
import { pageUrl } from '../../flow/urls.ts'
import type { ContinueFlow, RecoveryStep, SubmissionContext } from '../../method.ts'
import { csrfNode, input, resendToButton } from '../../ui/nodes.ts'
import { codeField, continueButton, hiddenMethod } from './nodes.ts'
import { addressForm, decodeChoice } from './recovery-choice.ts'
import { enterRecoveryCode, requestRecoveryCode } from './recovery-code.ts'
import { issueCode } from './store.ts'

/** Account recovery with a code. */
export const recovery: RecoveryStep<typeof UpdateRecoveryFlowWithCodeMethod> = {
  body: UpdateRecoveryFlowWithCodeMethod,
  isAsked: ({ active }) => active === 'code',
  precheck: ({ body }) => checkAddressInput(body, { method: 'code', takesPhones: true }),
  checksCsrfFirst: true,
  nodes(ctx, flow) {
    if (ctx.config.identity.selfservice.flows.recovery.use !== 'code') return []
    if (flow.state === 'recovery_awaiting_address') return addressForm()
    return [input('email', 'code', 'email', { required: true, label: uiText(1070007) }), continueButton()]
  },
  decode(submission, fields) {
    const { email, code: given } = fields
    const { flow } = submission
    if (isChoosingAddress(flow)) return decodeChoice(submission, fields)
    const payload = transientPayload(submission.body)
    // After a code was sent, submissions without an address contain a code.
    if (flow.state !== 'choose_method' && !email) return () => enterRecoveryCode(submission, given, payload)
    if (flow.state === 'passed_challenge') return async () => ({ replaceFlow: uiText(4060001) })
    if (!email) throw new FlowError({ fields: [{ field: 'email', message: uiText(4000002, { property: 'email' }) }] })
    return () => send(submission, email, payload)
  },
  async issue(ctx, flow, { identityId, lifespanMs }) {
    flow.ui.nodes = [codeField(1070010), continueButton()]
    await insertFlow(ctx, flow)
    const { code, expiresAt } = await issueCode(ctx, flow.id, 'recovery', {
      identityId,
      via: '',
      address: '',
      lifespanMs,
    })
    return { secret: code, url: pageUrl(ctx, flow), expiresAt }
  },
}

/** Sends a code. For unknown addresses, the response is the same; `notify_unknown_recipients` enables a message. */
async function send(
  submission: SubmissionContext,
  email: string,
  payload: Record<string, unknown>,
): Promise<ContinueFlow> {
  const { flow } = submission
  flow.transientPayload = payload
  await inEqualTime(() => requestRecoveryCode(submission, submittedAddress(email)))
  flow.state = 'sent_email'
  flow.active = 'code'
  flow.ui.nodes = [
    csrfNode(flow.csrfToken),
    codeField(1070010),
    hiddenMethod(),
    continueButton(),
    resendToButton(email),
  ]
  flow.ui.messages = [uiText(1060003)]
  return { continueFlow: 200 }
}
