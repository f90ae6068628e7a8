import { type UiNode, UpdateSettingsFlowWithTotpMethod, uiText } from '@latchkey/api'
import { emptyCredential, type Identity } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { internalState, setInternalState } from '../../flow/internal-state.ts'
import type { SettingsChange, SettingsStep, SubmissionContext } from '../../method.ts'
import { image, input, methodButton, text } from '../../ui/nodes.ts'
import { isValidCode, newTotpUrl, qrCode, secretOf, totpUrlOf } from './secret.ts'

const field = 'totp_code'

interface Enrolment {
  totpUrl: string
}

/** Setting up an authenticator app, and removing it. */
export const settings: SettingsStep<typeof UpdateSettingsFlowWithTotpMethod> = {
  body: UpdateSettingsFlowWithTotpMethod,
  privileged: true,
  nodes(ctx, flow, signed) {
    if (!signed) return []
    if (!totpUrlOf(signed.identity)) return enrolmentNodes(ctx, flow, signed.identity)
    return [input('totp_unlink', 'totp', 'submit', { required: true, value: 'true', label: uiText(1050004) })]
  },
  decode(submission, { totp_code: code, totp_unlink: unlink }) {
    const { signed } = submission
    submission.submittedValues.set(field, undefined)
    if (signed && totpUrlOf(signed.identity)) return async () => (unlink ? removal : nothing)
    return async () => {
      if (!code) throw new FlowError({ fields: [{ field, message: uiText(4000002, { property: field }) }] })
      return enroll(submission, code)
    }
  },
}

/** The flow keeps the new secret until a code proves that an app has it. */
async function enrolmentNodes(ctx: Context, flow: Flow, identity: Identity): Promise<UiNode[]> {
  const totpUrl = newTotpUrl(ctx, identity)
  setInternalState(ctx, flow, 'totp', { totpUrl } satisfies Enrolment)
  const secret = secretOf(totpUrl)
  return [
    image('totp_qr', 'totp', { src: await qrCode(totpUrl), width: 256, height: 256, label: uiText(1050005) }),
    text('totp_secret_key', 'totp', { text: uiText(1050006, { secret }), label: uiText(1050017) }),
    input(field, 'totp', 'text', { required: true, label: uiText(1070006) }),
    methodButton('totp', 'totp', uiText(1070003)),
  ]
}

function enroll({ ctx, flow }: SubmissionContext, code: string): SettingsChange {
  const enrolment = internalState<Enrolment>(ctx, flow, 'totp')
  if (!enrolment || !isValidCode(ctx, enrolment.totpUrl, code))
    throw new FlowError({ fields: [{ field, message: uiText(4000008) }] })
  return {
    proof: { method: 'totp', aal: 'aal2' },
    change(identity) {
      const credential = emptyCredential(ctx, 'totp', identity.document.id)
      const totp = { ...credential, config: { totp_url: enrolment.totpUrl } }
      return { ...identity, credentials: { ...identity.credentials, totp } }
    },
  }
}

const nothing: SettingsChange = { change: (identity) => identity }

const removal: SettingsChange = {
  change(identity) {
    const { totp: _removed, ...credentials } = identity.credentials
    return { ...identity, credentials }
  },
}
