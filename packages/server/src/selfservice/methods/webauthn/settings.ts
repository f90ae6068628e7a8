import { type UiNode, UpdateSettingsFlowWithWebAuthnMethod, uiText } from '@latchkey/api'
import { countFirstFactors, emptyCredential, handleIn, type Identity, keysIn } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { hexId, keyLabel, lockedOut, withKey, withoutKey } from '../../ceremonies/keys.ts'
import { creationOptions } from '../../ceremonies/options.ts'
import { keepCreation, requireCreation } from '../../ceremonies/state.ts'
import { verifyNewKey } from '../../ceremonies/verify.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import type { SettingsChange, SettingsStep, SubmissionContext } from '../../method.ts'
import { input } from '../../ui/nodes.ts'
import { keyNodes, namedKey } from './registration.ts'
import { isPasswordless, relyingParty } from './relying-party.ts'

const nameField = 'webauthn_register_displayname'

/** Adding security keys, and removing them. */
export const settings: SettingsStep<typeof UpdateSettingsFlowWithWebAuthnMethod> = {
  isForBrowsers: true,
  body: UpdateSettingsFlowWithWebAuthnMethod,
  privileged: true,
  nodes: (ctx, flow, signed) => (signed ? settingsNodes(ctx, flow, signed.identity) : []),
  decode(submission, { webauthn_register: answer, webauthn_remove: removed, [nameField]: name }) {
    submission.submittedValues.set('webauthn_register', '')
    submission.submittedValues.set(nameField, name)
    if (!answer) return async () => removal(submission, removed)
    if (!name)
      throw new FlowError({ fields: [{ field: nameField, message: uiText(4000002, { property: nameField }) }] })
    return () => addition(submission, { answer, name })
  },
}

function settingsNodes(ctx: Context, flow: Flow, identity: Identity): UiNode[] {
  const isOnly = countFirstFactors(ctx, identity) < 2
  const { config } = identity.credentials.webauthn ?? {}
  const keys = keysIn(config)
  const removals = keys.map((key) =>
    input('webauthn_remove', 'webauthn', 'submit', {
      value: hexId(key),
      disabled: key.is_passwordless && isOnly,
      label: uiText(1050018, keyLabel(key)),
    }),
  )
  const rp = relyingParty(ctx)
  const own = handleIn(config)
  // The bytes of the identity's id, as in Kratos, unless its keys know another handle.
  const handle = own.length > 0 ? own : handleIn(emptyCredential(ctx, 'webauthn', identity.document.id).config)
  const options = creationOptions(ctx, rp, { user: { handle, name: rp.name }, existing: keys })
  keepCreation(ctx, flow, { type: 'webauthn', options, handle })
  return [...removals, ...keyNodes(ctx, flow, options, uiText(1050012))]
}

async function addition(
  { ctx, flow }: SubmissionContext,
  { answer, name }: { answer: string; name: string },
): Promise<SettingsChange> {
  const { challenge, handle } = requireCreation(ctx, flow, 'webauthn')
  const isFirst = isPasswordless(ctx)
  const verified = await verifyNewKey(ctx, relyingParty(ctx), { challenge, text: answer, isPasswordless: isFirst })
  const key = namedKey(verified, name)
  return {
    proof: { method: 'webauthn', aal: isFirst ? 'aal1' : 'aal2' },
    change(identity) {
      const changed = withKey(ctx, identity, { type: 'webauthn', key, handle })
      // Without an identifier, nobody could sign in with the key.
      if (isFirst && !changed.credentials.webauthn?.identifiers.length)
        throw new FlowError({ messages: [uiText(4000009)] })
      return changed
    },
  }
}

function removal({ ctx }: SubmissionContext, hex: string): SettingsChange {
  return {
    change(identity) {
      const changed = withoutKey(ctx, identity, 'webauthn', hex)
      const removed = keysIn(identity.credentials.webauthn?.config).find((key) => hexId(key) === hex.toLowerCase())
      if (removed?.is_passwordless && countFirstFactors(ctx, identity) < 2) throw lockedOut('webauthn_remove')
      return changed
    },
  }
}
