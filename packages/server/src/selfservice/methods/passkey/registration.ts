import { UpdateRegistrationFlowWithPasskeyMethod, uiText } from '@latchkey/api'
import { withHandle } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import type { Context } from '../../../kernel/context.ts'
import { onClick, scriptNodes } from '../../ceremonies/nodes.ts'
import { creationOptions } from '../../ceremonies/options.ts'
import { keepCreation, requireCreation } from '../../ceremonies/state.ts'
import { verifyNewKey } from '../../ceremonies/verify.ts'
import type { Flow } from '../../flow/flow.ts'
import { schemaOf } from '../../flow/identity-schema.ts'
import { decodeTraits } from '../../flow/traits.ts'
import type { Registered, RegistrationStep, SubmissionContext } from '../../method.ts'
import { input } from '../../ui/nodes.ts'
import { displayNameField } from './display-name.ts'
import { newHandle } from './handle.ts'
import { relyingParty } from './relying-party.ts'

/** Signing up with a passkey. */
export const registration: RegistrationStep<typeof UpdateRegistrationFlowWithPasskeyMethod> = {
  body: UpdateRegistrationFlowWithPasskeyMethod,
  nodes(ctx, flow) {
    const nameField = displayNameField(ctx, schemaOf(ctx, flow))
    if (!nameField) return []
    return [
      input('passkey_register_trigger', 'passkey', 'button', {
        label: uiText(1040007),
        ...onClick(flow, 'oryPasskeyRegistration'),
      }),
      ...scriptNodes(ctx, flow),
      input('passkey_register', 'passkey', 'hidden'),
      input('passkey_create_data', 'passkey', 'hidden', { value: creationData(ctx, flow, nameField) }),
    ]
  },
  decode(submission, { passkey_register: answer }) {
    submission.submittedValues.set('passkey_register', undefined)
    const traits = decodeTraits(submission)
    return () => register(submission, traits, answer)
  },
}

/** The script of the page takes the name from the field, since the traits are not known yet. */
function creationData(ctx: Context, flow: Flow, nameField: string): string {
  const rp = relyingParty(ctx)
  const handle = newHandle(ctx)
  const options = creationOptions(ctx, rp, { user: { handle, name: rp.name }, existing: [] })
  keepCreation(ctx, flow, { type: 'passkey', options, handle })
  return JSON.stringify({ credentialOptions: options, displayNameFieldName: nameField })
}

async function register(
  { ctx, flow }: SubmissionContext,
  traits: Record<string, unknown>,
  answer: string,
): Promise<Registered> {
  const { challenge, handle } = requireCreation(ctx, flow, 'passkey')
  const key = await verifyNewKey(ctx, relyingParty(ctx), { challenge, text: answer, isPasswordless: true })
  const now = timestamp(ctx.clock.now())
  const passkey = {
    type: 'passkey' as const,
    ...withHandle({ identifiers: [] }, handle),
    config: { credentials: [key], user_handle: handle.toString('base64') },
    version: 1,
    created_at: now,
    updated_at: now,
  }
  return { traits, credentials: { passkey }, proof: { method: 'passkey', aal: 'aal1' } }
}
