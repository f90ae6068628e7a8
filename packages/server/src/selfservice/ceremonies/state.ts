import type { Context } from '../../kernel/context.ts'
import type { Flow } from '../flow/flow.ts'
import { internalState, setInternalState } from '../flow/internal-state.ts'
import type { CeremonyOptions } from './options.ts'
import type { AssertionRequest, KeyType } from './redeem.ts'
import { unreadable } from './response.ts'

/** What a flow keeps of the request for a new key. */
interface Creation {
  challenge: string
  /** In base64. */
  handle: string
}

const names: Record<KeyType, string> = { webauthn: 'security key', passkey: 'passkey' }

export function keepCreation(
  ctx: Context,
  flow: Flow,
  { type, options, handle }: { type: KeyType; options: CeremonyOptions; handle: Uint8Array },
): void {
  const creation: Creation = {
    challenge: options.publicKey.challenge,
    handle: Buffer.from(handle).toString('base64'),
  }
  setInternalState(ctx, flow, type, creation)
}

/** The challenge and the user handle of the request for a new key. Throws 400 unless the flow has made one. */
export function requireCreation(ctx: Context, flow: Flow, type: KeyType): { challenge: string; handle: Buffer } {
  const { challenge, handle } = requireState<Creation>(ctx, flow, type)
  return { challenge, handle: Buffer.from(handle, 'base64') }
}

export function keepRequest<R extends AssertionRequest>(ctx: Context, flow: Flow, type: KeyType, request: R): void {
  setInternalState(ctx, flow, type, request)
}

/** The request for a signature. Throws 400 unless the flow has made one. */
export function requireRequest<R extends AssertionRequest>(ctx: Context, flow: Flow, type: KeyType): R {
  return requireState<R>(ctx, flow, type)
}

function requireState<State extends object>(ctx: Context, flow: Flow, type: KeyType): State {
  const state = internalState<State>(ctx, flow, type)
  if (!state) throw unreadable(`the flow has not asked for a ${names[type]}`)
  return state
}
