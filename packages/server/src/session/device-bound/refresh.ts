import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { isUuid } from '../../kernel/uuid.ts'
import { unauthenticatedError } from '../resolve.ts'
import { issueChallenge, readChallenge } from './challenge.ts'
import { requireDeviceBound } from './enabled.ts'
import { boundReply } from './instructions.ts'
import { challengeIn, type DeviceKey, proofOf, verifyProof } from './proof.ts'
import { type Binding, findBinding, redeemChallenge } from './store.ts'

/**
 * Gives a device its cookie again. A request without a proof, or with one that answers an old challenge, is answered with
 * a new challenge, and the browser repeats it. The cookie of the session is not needed, which browsers do not send if a
 * page of another site caused the refresh: without it, the cookie of the device is worth nothing.
 * @throws ApiError 400, 401 if the session is not in force or not bound, or the proof is of another key; 403 with a
 * challenge; 404 if sessions are not bound here
 */
export async function refreshDevice(ctx: Context, call: Call) {
  requireDeviceBound(ctx)
  const session = await findBinding(ctx, sessionIdOf(call))
  if (!session?.device_key) throw unauthenticatedError()
  const proof = proofOf(call)
  if (!proof) throw challengeError(ctx, session)
  await verifyProof(ctx, proof, JSON.parse(session.device_key) as DeviceKey)
  const challenge = readChallenge(ctx, challengeIn(proof), ['refresh'])
  if (challenge?.sessionId !== session.id) throw challengeError(ctx, session)
  if (!(await redeemChallenge(ctx, session.id, challenge.issuedAt))) throw challengeError(ctx, session)
  return boundReply(ctx, session.id)
}

/** Scripts of pages cannot set this header, so a request with it is of the browser itself. */
function sessionIdOf(call: Pick<Call, 'header'>): string {
  const id = /^"?([\w-]{1,64})"?$/.exec(call.header('sec-secure-session-id') ?? '')?.[1]?.toLowerCase()
  if (id && isUuid(id)) return id
  throw ApiError.badRequest({ reason: 'The header Sec-Secure-Session-Id is missing, or is not the ID of a session.' })
}

/** The 403 that asks the browser for a proof. Its challenge is newer than every redeemed one, also if clocks differ. */
function challengeError(ctx: Context, { id, device_proved_at: provedAt }: Binding): ApiError {
  const issuedAt = Math.max(ctx.clock.now(), (provedAt ?? 0) + 1)
  const challenge = issueChallenge(ctx, { purpose: 'refresh', sessionId: id, issuedAt })
  return ApiError.forbidden({
    reason: 'The device has to sign the challenge in the header Secure-Session-Challenge.',
    headers: { 'secure-session-challenge': `"${challenge}";id="${id}"`, 'cache-control': 'no-store' },
  })
}
