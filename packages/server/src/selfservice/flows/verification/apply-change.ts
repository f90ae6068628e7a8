import { uiText } from '@latchkey/api'
import { changeIdentity, type Identity, IdentityConflict } from '../../../identity/index.ts'
import { findActiveSession, type Signed } from '../../../session/index.ts'
import { verifiedIdentity } from '../../flow/address-status.ts'
import { recordSuccess } from '../../flow/events.ts'
import { type Flow, FlowError, type FlowOf } from '../../flow/flow.ts'
import { findFlow } from '../../flow/store.ts'
import { hooksAfter } from '../../hooks/index.ts'
import type { SubmissionContext, VerifiedAddress } from '../../method.ts'
import { traitsHash, withPendingChange } from '../../pending/change.ts'
import { findPendingChange, takePendingChange } from '../../pending/store.ts'
import type { PendingChangeRow } from '../../tables.ts'
import { notifyPreviousAddresses } from '../settings/notify-previous.ts'

/** The method whose hooks can defer a change: only `settings.after.profile` takes `verify_new_address`. */
const method = 'profile'

/** The verified address does not belong to the identity, or its pending change must not be applied any more. */
export class StaleChange extends Error {
  constructor() {
    super('the change cannot be applied')
  }
}

/** An identity whose address was verified, and what its settings flow was if that applied a pending change. */
export interface Applied {
  identity: Identity
  settings?: { flow: FlowOf<'settings'>; session: Signed }
}

/** The change that waits for the address that a verification flow has verified; undefined if there is none. */
export async function pendingChangeOf(
  ctx: SubmissionContext['ctx'],
  flow: Flow,
  { identityId, via, value }: VerifiedAddress,
): Promise<PendingChangeRow | undefined> {
  const found = await findPendingChange(ctx, flow.id)
  return found?.identity_id === identityId && found.via === via && found.value === value ? found : undefined
}

/**
 * Applies a pending change, in the transaction of `submission`. As in Kratos, the session that began it must be active,
 * and the traits must be those that it was made to. Throws StaleChange if it cannot be applied, and FlowError if the
 * address belongs to another identity meanwhile.
 */
export async function applyPendingChange(
  submission: SubmissionContext<'verification'>,
  { flow_id: flowId }: PendingChangeRow,
): Promise<Applied> {
  const { ctx } = submission
  const pending = await takePendingChange(ctx, flowId)
  const flow = pending && (await findFlow(ctx, 'settings', pending.settings_flow_id))
  const session = pending && (await findActiveSession(ctx, pending.session_id))
  if (!pending || !flow || session?.session.identityId !== pending.identity_id) throw new StaleChange()
  let before: Identity | undefined
  const identity = await changeIdentity(ctx, pending.identity_id, (stored) => {
    if (traitsHash(stored) !== pending.traits_hash) throw new StaleChange()
    before = stored
    return verifiedIdentity(ctx, withPendingChange(ctx, stored, pending), pending.via, pending.value)
  }).catch((error: unknown) => explainConflict(error, submission.flow))
  if (!identity || !before) throw new StaleChange()
  await recordSuccess(ctx, flow, { method, identityId: pending.identity_id })
  await notifyPreviousAddresses({ ...submission, flow }, hooksAfter(ctx, 'settings', method), {
    before,
    after: identity,
  })
  return { identity, settings: { flow, session: { ...session, identity } } }
}

/** Calls the web hooks that follow a change of settings, after it was applied. */
export async function notifySettings(
  submission: SubmissionContext<'verification'>,
  { identity, settings }: Applied,
): Promise<void> {
  if (!settings) return
  const { flow, session } = settings
  await hooksAfter(submission.ctx, 'settings', method).notify({ ...submission, flow, session }, identity)
}

/** Turns a StaleChange into a value, so that it can be answered after its transaction was rolled back. */
export function staleOr(error: unknown): 'stale' {
  if (error instanceof StaleChange) return 'stale'
  throw error
}

function explainConflict(error: unknown, { ui }: Flow): never {
  if (!(error instanceof IdentityConflict)) throw error
  ui.messages = []
  throw new FlowError({ messages: [uiText(4000007)] })
}
