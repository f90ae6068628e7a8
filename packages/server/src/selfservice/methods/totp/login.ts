import { UpdateLoginFlowWithTotpMethod, uiText } from '@latchkey/api'
import { FlowError } from '../../flow/flow.ts'
import { limitAttempts } from '../../limits/index.ts'
import type { LoginStep, SignedInBy, SubmissionContext } from '../../method.ts'
import { input, methodButton } from '../../ui/nodes.ts'
import { isValidCode, totpUrlOf } from './secret.ts'

const field = 'totp_code'

/** Signing in with a code of the app, after a first factor. */
export const login: LoginStep<typeof UpdateLoginFlowWithTotpMethod> = {
  body: UpdateLoginFlowWithTotpMethod,
  nodes(_ctx, _flow, signed) {
    if (!signed || !totpUrlOf(signed.identity)) return []
    return [
      input(field, 'totp', 'text', { required: true, value: '', label: uiText(1010006) }),
      methodButton('totp', 'totp', uiText(1010009)),
    ]
  },
  decode(submission, { totp_code: code }) {
    // A code is never shown again.
    submission.submittedValues.set(field, undefined)
    if (!code) throw new FlowError({ fields: [{ field, message: uiText(4000002, { property: field }) }] })
    return () => verify(submission, code)
  },
}

async function verify(submission: SubmissionContext, code: string): Promise<SignedInBy> {
  const { ctx, signed } = submission
  const url = signed && totpUrlOf(signed.identity)
  if (!url) throw new FlowError({ messages: [uiText(4000011)] })
  const { identity } = signed
  const isValid = await limitAttempts(
    submission,
    { proof: 'second factor', account: { identityId: identity.document.id } },
    async () => isValidCode(ctx, url, code),
    (valid) => (valid ? 'succeeded' : 'failed'),
  )
  if (!isValid) throw new FlowError({ messages: [uiText(4000008)] })
  return { identity, proof: { method: 'totp', aal: 'aal2' } }
}
