import { changeIdentity, type Identity, keysIn, type PublicKey } from '../../identity/index.ts'
import { timestamp } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Flow } from '../flow/flow.ts'
import type { RelyingParty } from './relying-party.ts'
import type { AuthenticatorResponse } from './response.ts'
import { spendChallenge } from './store.ts'
import { type Assertion, verifyAssertion } from './verify.ts'

/** What a flow keeps of a request for a signature. */
export interface AssertionRequest {
  challenge: string
  /** The ids of the keys that were asked for, in base64; any that the identity has if there are none. */
  allowed: string[]
}

export type KeyType = 'webauthn' | 'passkey'

interface Redemption {
  rp: RelyingParty
  flow: Flow
  request: AssertionRequest
  parsed: AuthenticatorResponse
  identity: Identity
  type: KeyType
}

/** A key that has proven an identity. */
export interface RedeemedKey {
  identity: Identity
  key: PublicKey
}

/**
 * Verifies the answer to a request with one of the identity's keys, of those that `accepts` names. Each challenge is
 * redeemed once. A signature counter that did not increase is refused, because the key may have been copied (WebAuthn
 * Level 3, section 6.1.1), and administrators see it (`clone_warning`). Returns undefined if the answer is refused.
 */
export async function redeemAssertion(
  ctx: Context,
  redemption: Redemption,
  accepts: (key: PublicKey) => boolean,
): Promise<RedeemedKey | undefined> {
  const { rp, flow, request, parsed, identity, type } = redemption
  const id = Buffer.from(parsed.id, 'base64url').toString('base64')
  if (request.allowed.length > 0 && !request.allowed.includes(id)) return undefined
  const key = keysIn(identity.credentials[type]?.config).find((one) => one.id === id)
  if (!key || !accepts(key)) return undefined
  const assertion = await verifyAssertion(ctx, rp, { key, challenge: request.challenge, parsed })
  if (!assertion) return undefined
  return ctx.transaction(async (tx) => {
    if (!(await spendChallenge(tx, request.challenge, flow.expiresAt))) return undefined
    return isUnchanged(key, assertion) ? { identity, key } : recordUse(tx, redemption, { id, assertion })
  })
}

/** Authenticators that synchronize their keys count nothing, so that most uses change nothing. */
function isUnchanged(key: PublicKey, { signCount, flags }: Assertion): boolean {
  const counts = signCount > 0 || countOf(key) > 0
  return !counts && JSON.stringify(key.flags) === JSON.stringify(flags)
}

/** Stores the new counter; the identity is locked meanwhile, so that a counter is used once. */
async function recordUse(
  ctx: Context,
  { identity: { document }, type }: Redemption,
  { id, assertion }: { id: string; assertion: Assertion },
): Promise<RedeemedKey | undefined> {
  let used: PublicKey | undefined
  let isCopy = false
  const identity = await changeIdentity(ctx, document.id, (before) => {
    const credential = before.credentials[type]
    const keys = keysIn(credential?.config)
    const at = keys.findIndex((one) => one.id === id)
    const key = keys[at]
    if (!credential || !key) return before
    used = after(key, assertion)
    isCopy = used.authenticator.clone_warning && countOf(key) >= assertion.signCount
    const now = timestamp(ctx.clock.now())
    const stored = {
      ...credential,
      config: { ...credential.config, credentials: keys.with(at, used) },
      updated_at: now,
    }
    return { ...before, credentials: { ...before.credentials, [type]: stored } }
  })
  if (isCopy)
    ctx.log.warn({ identityId: document.id, type }, 'the counter of a security key or passkey did not increase')
  return identity && used && !isCopy ? { identity, key: used } : undefined
}

function after(key: PublicKey, { signCount, flags }: Assertion): PublicKey {
  const counts = signCount > 0 || countOf(key) > 0
  if (counts && signCount <= countOf(key))
    return { ...key, authenticator: { ...key.authenticator, clone_warning: true } }
  return { ...key, flags, authenticator: { ...key.authenticator, sign_count: signCount } }
}

function countOf({ authenticator }: PublicKey): number {
  return authenticator?.sign_count ?? 0
}
