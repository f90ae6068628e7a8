import { type UiNode, UpdateSettingsFlowWithLookupMethod, uiText } from '@latchkey/api'
import { emptyCredential, type Identity } from '../../../identity/index.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { internalState, setInternalState } from '../../flow/internal-state.ts'
import type { SettingsChange, SettingsPreview, SettingsStep, SubmissionContext } from '../../method.ts'
import { input, text } from '../../ui/nodes.ts'
import { type BackupCode, codesOf, newCodes } from './codes.ts'

interface Draft {
  codes: BackupCode[]
}

/** Making backup codes, keeping them, showing them again and switching them off. */
export const settings: SettingsStep<typeof UpdateSettingsFlowWithLookupMethod> = {
  body: UpdateSettingsFlowWithLookupMethod,
  privileged: true,
  nodes(_ctx, _flow, signed) {
    return signed && codesOf(signed.identity).length > 0 ? [revealButton(), disableButton()] : [regenerateButton()]
  },
  decode(submission, fields) {
    if (fields.lookup_secret_regenerate) return async () => regenerate(submission)
    if (fields.lookup_secret_confirm) return async () => confirm(submission)
    if (fields.lookup_secret_reveal) return async () => reveal(submission)
    if (fields.lookup_secret_disable) return async () => removal
    throw new FlowError({ messages: [uiText(4010004)] })
  },
}

/** New codes are shown first and stored once their owner says that they are kept safe. */
function regenerate({ ctx, flow }: SubmissionContext): SettingsPreview {
  return {
    preview() {
      const codes = newCodes(ctx)
      setInternalState(ctx, flow, 'lookup_secret', { codes } satisfies Draft)
      showNodes(flow, [codesNode(codes), confirmButton()])
    },
  }
}

function confirm({ ctx, flow }: SubmissionContext): SettingsChange {
  const draft = internalState<Draft>(ctx, flow, 'lookup_secret')
  if (!draft) throw impossible('There are no new backup codes to confirm.')
  return {
    proof: { method: 'lookup_secret', aal: 'aal2' },
    change(identity: Identity) {
      const credential = emptyCredential(ctx, 'lookup_secret', identity.document.id)
      const stored = { ...credential, config: { recovery_codes: draft.codes } }
      return { ...identity, credentials: { ...identity.credentials, lookup_secret: stored } }
    },
  }
}

function reveal({ flow, signed }: SubmissionContext): SettingsPreview {
  const codes = signed ? codesOf(signed.identity) : []
  if (codes.length === 0) throw impossible('There are no backup codes to show.')
  return {
    preview: () => showNodes(flow, [codesNode(codes), disableButton(), regenerateButton()]),
  }
}

const removal: SettingsChange = {
  change(identity) {
    const { lookup_secret: _removed, ...credentials } = identity.credentials
    return { ...identity, credentials }
  },
}

function impossible(reason: string): FlowError {
  return new FlowError({ messages: [uiText(4000001, { reason })] })
}

function showNodes(flow: Flow, nodes: UiNode[]): void {
  flow.ui.nodes = [...flow.ui.nodes.filter(({ group }) => group !== 'lookup_secret'), ...nodes]
}

function codesNode(codes: readonly BackupCode[]): UiNode {
  const secrets = codes.map(({ code, used_at: usedAt }) =>
    usedAt ? usedText(usedAt) : uiText(1050009, { secret: code }),
  )
  return text('lookup_secret_codes', 'lookup_secret', { text: uiText(1050015, { secrets }), label: uiText(1050010) })
}

function usedText(usedAt: string) {
  return uiText(1050014, { used_at: usedAt, used_at_unix: Math.floor(Date.parse(usedAt) / 1000) })
}

const button = (action: string, label: 1050007 | 1050008 | 1050011 | 1050016) =>
  input(`lookup_secret_${action}`, 'lookup_secret', 'submit', { value: 'true', label: uiText(label) })
const revealButton = () => button('reveal', 1050007)
const regenerateButton = () => button('regenerate', 1050008)
const confirmButton = () => button('confirm', 1050011)
const disableButton = () => button('disable', 1050016)
