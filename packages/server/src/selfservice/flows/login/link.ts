import { uiText } from '@latchkey/api'
import { changeIdentity, connect, emptyCredential, type Identity } from '../../../identity/index.ts'
import { timestamp } from '../../../kernel/clock.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Proof } from '../../../session/index.ts'
import { type Flow, FlowError } from '../../flow/flow.ts'
import { internalState, setInternalState } from '../../flow/internal-state.ts'
import type { LinkOffer } from '../../method.ts'

/** A connection that is added to the account with this identifier once its owner has signed in. */
export interface PendingLink extends LinkOffer {
  readonly identifier: string
  readonly proof: Proof
}

const linkState = 'link'

export function pendingLink(ctx: Context, flow: Flow): PendingLink | undefined {
  return internalState<PendingLink>(ctx, flow, linkState)
}

export function setPendingLink(ctx: Context, flow: Flow, link: PendingLink): void {
  setInternalState(ctx, flow, linkState, link)
}

/** Throws FlowError unless the account is the one whose identifier the provider said. */
export function requireLinkedAccount({ credentials, document }: Identity, { identifier }: PendingLink): void {
  const identifiers = Object.values(credentials).flatMap((one) => one.identifiers)
  const addresses = (document.verifiable_addresses ?? []).map(({ value }) => value)
  if (![...identifiers, ...addresses].includes(identifier)) throw new FlowError({ messages: [uiText(4010009)] })
}

/** Adds the connection to the account. Returns the account as it is stored then. */
export async function addLink(
  ctx: Context,
  identity: Identity,
  { credential, connection }: PendingLink,
): Promise<Identity> {
  const changed = await changeIdentity(ctx, identity.document.id, (stored) => {
    const before = stored.credentials[credential] ?? emptyCredential(ctx, credential, stored.document.id)
    const after = { ...connect(before, [connection]), updated_at: timestamp(ctx.clock.now()) }
    return { ...stored, credentials: { ...stored.credentials, [credential]: after } }
  })
  return changed ?? identity
}
