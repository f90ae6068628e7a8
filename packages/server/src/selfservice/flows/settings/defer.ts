import { uiText } from '@latchkey/api'
import { findConflict, type Identity, type VerifiableAddress } from '../../../identity/index.ts'
import type { Signed } from '../../../session/index.ts'
import { removedContinuityCookie } from '../../flow/continuity.ts'
import { FlowError } from '../../flow/flow.ts'
import { saveFlow } from '../../flow/store.ts'
import { pageUrl } from '../../flow/urls.ts'
import type { SubmissionContext } from '../../method.ts'
import type { Outcome } from '../../outcome.ts'
import { changesOf, traitsHash } from '../../pending/change.ts'
import { replacePendingChange } from '../../pending/store.ts'
import { showForm } from '../show-form.ts'
import { beginVerificationOf } from '../verification/send.ts'
import { askToSignIn } from './ask-to-sign-in.ts'
import { isPrivileged } from './guard.ts'

/**
 * Defers a change that adds an address until the address is verified (hook `verify_new_address`): begins a verification
 * flow, which applies the change. Undefined if no address is added. As in Kratos, a change of several addresses is
 * refused, and a further change takes the place of one that is still pending.
 */
export async function deferNewAddress(
  submission: SubmissionContext<'settings'>,
  signed: Signed,
  { after, method }: { after: Identity; method: string },
): Promise<Outcome | undefined> {
  const { ctx, flow, source } = submission
  const { session, identity: before } = signed
  const [address, ...more] = addedAddresses(before, after)
  if (!address) return undefined
  if (!isPrivileged(ctx, session)) return askToSignIn(submission, method)
  if (more.length > 0) {
    flow.ui.messages = [uiText(4050002)]
    return showForm(submission, { status: 200 })
  }
  if (await findConflict(ctx, after)) throw new FlowError({ messages: [uiText(4000007)] })
  const begun = await ctx.transaction(async (tx) => {
    const verification = await beginVerificationOf(
      { ...submission, ctx: tx },
      { identity: after, address, isPending: true },
    )
    await replacePendingChange(tx, {
      identity_id: before.document.id,
      session_id: session.id,
      flow_id: verification.flow.id,
      settings_flow_id: flow.id,
      via: address.via,
      value: address.value,
      traits_hash: traitsHash(before),
      changes: changesOf(before, after),
      expires_at: verification.flow.expiresAt,
    })
    return verification
  })
  delete flow.ui.messages
  await saveFlow(ctx, flow)
  return {
    type: 'changeDeferred',
    flow,
    identity: before,
    continueWith: [begun.continueWith],
    location: pageUrl(ctx, begun.flow),
    cookies: source === 'resumed' ? [removedContinuityCookie(ctx)] : [],
  }
}

function addedAddresses(before: Identity, after: Identity): VerifiableAddress[] {
  const known = new Set((before.document.verifiable_addresses ?? []).map(({ via, value }) => `${via} ${value}`))
  return (after.document.verifiable_addresses ?? []).filter(({ via, value }) => !known.has(`${via} ${value}`))
}
