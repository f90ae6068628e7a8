import { ApiError } from '@latchkey/api'
import { record } from '../../event/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { cookieName } from '../cookie.ts'
import { unauthenticatedError } from '../resolve.ts'
import { type Challenge, readChallenge } from './challenge.ts'
import { requireDeviceBound } from './enabled.ts'
import { boundReply } from './instructions.ts'
import { challengeIn, keyIn, proofOf, verifyProof } from './proof.ts'
import { type Binding, bind, findBinding } from './store.ts'

/**
 * Binds the session that a sign-in has just begun to the key of the browser's device. The challenge is of the answer to
 * that sign-in, and the request has the cookie of the session.
 * @throws ApiError 400, 401, 404 if sessions are not bound here, 409 if the session is bound already
 */
export async function registerDevice(ctx: Context, call: Call) {
  requireDeviceBound(ctx)
  const proof = proofOf(call)
  if (!proof) throw ApiError.badRequest({ reason: 'The header Secure-Session-Response is missing.' })
  const challenge = readChallenge(ctx, challengeIn(proof), ['register', 'register-without-cookie'])
  if (!challenge) throw ApiError.unauthorized({ reason: 'The challenge is not of a sign-in, or has expired.' })
  const session = await findBinding(ctx, challenge.sessionId)
  if (!session || !presents(ctx, call, { session, challenge })) throw unauthenticatedError()
  const key = keyIn(proof)
  await verifyProof(ctx, proof, key)
  await ctx.transaction(async (tx) => {
    if (!(await bind(tx, session.id, { key, provedAt: challenge.issuedAt })))
      throw ApiError.conflict({ reason: 'The session is bound to a device already.' })
    await record(tx, 'SessionBound', { IdentityID: session.identity_id, SessionID: session.id })
  })
  return boundReply(ctx, session.id)
}

/** Whether the request has the cookie of the session, or none and needs none. */
function presents(
  ctx: Context,
  call: Pick<Call, 'cookies'>,
  { session, challenge }: { session: Binding; challenge: Challenge },
): boolean {
  const cookies = call.cookies(cookieName(ctx))
  if (cookies.length === 0) return challenge.purpose === 'register-without-cookie'
  return cookies.some((cookie) => tokenHash(cookie) === session.token_hash)
}
