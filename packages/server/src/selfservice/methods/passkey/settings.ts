import { type UiNode, UpdateSettingsFlowWithPasskeyMethod, uiText } from '@latchkey/api'
import { countFirstFactors, type Identity, keysIn, withHandle } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { hexId, keyLabel, lockedOut, withKey, withoutKey } from '../../ceremonies/keys.ts'
import { onClick, scriptNodes } from '../../ceremonies/nodes.ts'
import { creationOptions } from '../../ceremonies/options.ts'
import { keepCreation, requireCreation } from '../../ceremonies/state.ts'
import { verifyNewKey } from '../../ceremonies/verify.ts'
import type { Flow } from '../../flow/flow.ts'
import type { SettingsChange, SettingsStep, SubmissionContext } from '../../method.ts'
import { addMessage } from '../../ui/container.ts'
import { input } from '../../ui/nodes.ts'
import { displayName } from './display-name.ts'
import { handleOf } from './handle.ts'
import { relyingParty } from './relying-party.ts'

/** Adding passkeys, and removing them. */
export const settings: SettingsStep<typeof UpdateSettingsFlowWithPasskeyMethod> = {
  body: UpdateSettingsFlowWithPasskeyMethod,
  privileged: true,
  nodes: (ctx, flow, signed) => (signed ? passkeyNodes(ctx, flow, signed.identity) : []),
  decode(submission, { passkey_settings_register: answer, passkey_remove: removed }) {
    submission.submittedValues.set('passkey_settings_register', undefined)
    if (removed) return async () => removal(submission, removed)
    return () => addition(submission, answer)
  },
}

function passkeyNodes(ctx: Context, flow: Flow, identity: Identity): UiNode[] {
  const isOnly = countFirstFactors(ctx, identity) < 2
  const keys = keysIn(identity.credentials.passkey?.config)
  const removals = keys.map((key) =>
    input('passkey_remove', 'passkey', 'submit', {
      value: hexId(key),
      disabled: isOnly,
      label: uiText(1050020, keyLabel(key)),
    }),
  )
  const name = displayName(ctx, identity.document)
  if (!name) {
    // An authenticator has to be told for whom the passkey is.
    addMessage(flow.ui, uiText(4000009))
    return removals
  }
  const handle = handleOf(ctx, identity)
  const options = creationOptions(ctx, relyingParty(ctx), { user: { handle, name }, existing: keys })
  keepCreation(ctx, flow, { type: 'passkey', options, handle })
  return [
    ...removals,
    ...scriptNodes(ctx, flow),
    input('passkey_register_trigger', 'passkey', 'button', {
      value: '',
      label: uiText(1050019),
      ...onClick(flow, 'oryPasskeySettingsRegistration'),
    }),
    input('passkey_settings_register', 'passkey', 'hidden'),
    input('passkey_create_data', 'passkey', 'hidden', { value: JSON.stringify(options) }),
  ]
}

async function addition({ ctx, flow }: SubmissionContext, answer: string): Promise<SettingsChange> {
  const { challenge, handle } = requireCreation(ctx, flow, 'passkey')
  const key = await verifyNewKey(ctx, relyingParty(ctx), { challenge, text: answer, isPasswordless: true })
  return {
    proof: { method: 'passkey', aal: 'aal1' },
    change(identity) {
      const changed = withKey(ctx, identity, { type: 'passkey', key, handle })
      const { passkey } = changed.credentials
      if (!passkey) return changed
      return {
        ...changed,
        credentials: { ...changed.credentials, passkey: { ...passkey, ...withHandle(passkey, handle) } },
      }
    },
  }
}

function removal({ ctx }: SubmissionContext, hex: string): SettingsChange {
  return {
    change(identity) {
      const changed = withoutKey(ctx, identity, 'passkey', hex)
      if (countFirstFactors(ctx, identity) < 2) throw lockedOut('passkey_remove')
      return changed
    },
  }
}
