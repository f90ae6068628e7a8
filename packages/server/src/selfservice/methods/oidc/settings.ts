import { type UiNode, UpdateSettingsFlowWithOidcMethod, uiText } from '@latchkey/api'
import { countFirstFactors } from '../../../identity/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Signed } from '../../../session/index.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import type { SettingsChange, SettingsStep, SubmissionContext } from '../../method.ts'
import { connectionFrom, impossible, type Proven, withConnection, withoutConnection } from './connection.ts'
import {
  connectionsOf,
  findProvider,
  linkedProviders,
  offeredProviders,
  providerButton,
  providerName,
} from './offered-providers.ts'
import { proofOf } from './proof.ts'
import { leaveForProvider } from './start.ts'

/** Connecting an account to providers, and disconnecting it. */
export const settings: SettingsStep<typeof UpdateSettingsFlowWithOidcMethod> = {
  body: UpdateSettingsFlowWithOidcMethod,
  privileged: true,
  nodes: settingsButtons,
  decode(submission, { link, unlink }) {
    if (link && unlink) throw impossible('Connecting and disconnecting are not possible at once.')
    if (unlink) return async () => ({ change: (identity) => withoutConnection(submission.ctx, identity, unlink) })
    if (!link) throw new FlowError({ messages: [uiText(4010004)] })
    return () => leaveForProvider(submission, requireLinkable(submission, link), {})
  },
}

/** A connection can be removed if another way to sign in remains. */
function settingsButtons(ctx: Context, _flow: Flow, signed: Signed | undefined): UiNode[] {
  if (!signed) return []
  const linked = linkedProviders(ctx, signed.identity)
  const removable = countFirstFactors(ctx, signed.identity) > 1 ? linked : []
  const linkable = offeredProviders(ctx).filter((one) => !linked.includes(one))
  return [
    ...linkable.map((one) => providerButton('link', one, uiText(1050002, { provider: providerName(one) }))),
    ...removable.map((one) => providerButton('unlink', one, uiText(1050003, { provider: providerName(one) }))),
  ]
}

function requireLinkable({ ctx, signed }: SubmissionContext, id: string) {
  const found = findProvider(ctx, id)
  const isLinked = signed && connectionsOf(signed.identity).some(({ provider }) => provider === id)
  if (found && !isLinked) return found
  throw impossible('There is no such sign-in provider, or your account is connected to it already.')
}

/** Connects the account to a provider that vouches for its owner. */
export function linkBy(submission: SubmissionContext, proven: Proven): SettingsChange {
  requireLinkable(submission, proven.config.id)
  return {
    privileged: true,
    proof: proofOf(proven),
    change: (identity) => withConnection(submission.ctx, identity, connectionFrom(proven)),
  }
}
