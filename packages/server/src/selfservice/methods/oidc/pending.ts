import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import type { Call } from '../../../kernel/http/index.ts'
import { tokenHash } from '../../../kernel/keys.ts'
import { openText, sealText } from '../../../kernel/seal.ts'
import { browserSecret, isSecretOf } from '../../flow/continuity.ts'
import type { Flow, FlowName } from '../../flow/flow.ts'
import type { KeptSecrets } from './providers/provider.ts'
import { findAuthorizationRequest, insertAuthorizationRequest, takeAuthorizationRequest } from './store.ts'

/** As in Kratos. */
const lifespanMs = 30 * 60_000
const keyPurpose = 'authorization requests'

/** What is kept of a submission while the browser is at a provider. */
export interface Kept {
  readonly flowName: FlowName
  readonly provider: string
  readonly secrets: KeptSecrets
  /** The traits that were submitted; they take precedence over those of the provider. */
  readonly traits: Record<string, unknown>
  readonly transientPayload: Record<string, unknown>
}

/** A sign-in that goes on at a provider. */
export interface PendingRequest extends Kept {
  readonly stateHash: string
  readonly flowId: string
  readonly isUsed: boolean
  /** The hash of the browser's secret; null if any browser can carry it on for an app. */
  readonly browserHash: string | null
}

/**
 * Stores what is needed when the browser comes back. The state is bound to the browser by a cookie, except for an app
 * that fetches its session with a code: its user goes on in a browser that has no cookie of it.
 * Returns the Set-Cookie lines.
 */
export async function keepPending(
  ctx: Context,
  request: Call,
  { flow, state, isBound, kept }: { flow: Pick<Flow, 'id'>; state: string; isBound: boolean; kept: Kept },
): Promise<string[]> {
  const stateHash = tokenHash(state)
  const { secretHash, cookie } = browserSecret(ctx, request)
  await insertAuthorizationRequest(ctx, {
    state_hash: stateHash,
    flow_id: flow.id,
    browser_hash: isBound ? secretHash : null,
    sealed_data: sealText(ctx.random, ctx.keys.derive(keyPurpose), stateHash, JSON.stringify(kept)),
    expires_at: ctx.clock.now() + lifespanMs,
  })
  return [cookie]
}

/** Finds what a state belongs to. Throws 400 if it is unknown or has expired. */
export async function findPending(ctx: Context, state: string): Promise<PendingRequest> {
  const row = await findAuthorizationRequest(ctx, tokenHash(state))
  const text = row && openText(ctx.keys.deriveAll(keyPurpose), row.state_hash, row.sealed_data)
  if (!row || text === undefined)
    throw ApiError.badRequest({
      reason: 'The state in the response of the sign-in provider is unknown or has expired.',
    })
  return {
    ...(JSON.parse(text) as Kept),
    stateHash: row.state_hash,
    flowId: row.flow_id,
    isUsed: row.used_at !== null,
    browserHash: row.browser_hash,
  }
}

/** Throws 400 if the sign-in began in another browser, so that nobody can be signed in to the account of somebody else. */
export function requireOwnBrowser(ctx: Context, request: Call, { browserHash }: PendingRequest): void {
  if (browserHash === null || isSecretOf(ctx, request, browserHash)) return
  throw ApiError.badRequest({
    reason: 'This sign-in began in another browser, or its cookie was lost. Please try again.',
    debug: 'The cookie ory_kratos_continuity is missing or belongs to another sign-in.',
  })
}

/** Uses a state; of simultaneous requests one succeeds, and 400 is thrown for the others. */
export async function takePending(ctx: Context, { stateHash }: PendingRequest): Promise<void> {
  if (await takeAuthorizationRequest(ctx, stateHash)) return
  throw ApiError.badRequest({ reason: 'This response of the sign-in provider was used already. Please try again.' })
}
