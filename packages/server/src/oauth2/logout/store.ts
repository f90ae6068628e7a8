import type { Context } from '../../kernel/context.ts'
import { tokenHash } from '../../kernel/keys.ts'
import { openWithToken, sealWithToken } from '../token/opaque.ts'
import type { OAuth2LogoutRequestRow } from './tables.ts'

/** A request to end a login session (OpenID Connect RP-Initiated Logout 1.0). */
export interface LogoutRequest {
  readonly challenge: string
  /** Begins with the challenge and a full stop, so that the request can be decrypted with it. */
  readonly verifier: string
  readonly subject: string
  readonly sessionId: string
  readonly requestUrl: string
  /** The client that asked, if one did. */
  readonly clientId: string | undefined
  /** Where the browser goes afterwards. */
  readonly redirectTo: string
  /** In milliseconds. */
  readonly requestedAt: number
  readonly expiresAt: number
}

export type LogoutState = OAuth2LogoutRequestRow['state']

export async function insertLogoutRequest(ctx: Context, request: LogoutRequest): Promise<void> {
  await ctx.db
    .insertInto('oauth2_logout_requests')
    .values({
      hash: tokenHash(request.challenge),
      verifier_hash: tokenHash(request.verifier),
      sealed_data: sealWithToken(ctx, request.challenge, request),
      state: 'asked',
      expires_at: request.expiresAt,
    })
    .execute()
}

/** A request that was not rejected, with its state. */
export async function findLogoutRequest(
  ctx: Context,
  challenge: string,
): Promise<{ request: LogoutRequest; state: LogoutState } | undefined> {
  const row = await ctx.db
    .selectFrom('oauth2_logout_requests')
    .selectAll()
    .where('hash', '=', tokenHash(challenge))
    .where('state', '!=', 'rejected')
    .executeTakeFirst()
  return row && { request: openWithToken<LogoutRequest>(challenge, row.sealed_data), state: row.state }
}

/** Accepts or rejects a request that was not used. As in Hydra, a decision can be changed. */
export async function decideLogout(ctx: Context, challenge: string, state: 'accepted' | 'rejected'): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('oauth2_logout_requests')
    .set({ state })
    .where('hash', '=', tokenHash(challenge))
    .where('state', '!=', 'used')
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/**
 * The request of a verifier, if it was accepted and has not expired. As in Hydra it can be used again, which ends
 * nothing more.
 */
export async function findAcceptedLogout(ctx: Context, verifier: string): Promise<LogoutRequest | undefined> {
  const [challenge, ...rest] = verifier.split('.')
  if (!challenge || rest.length !== 1) return undefined
  const row = await ctx.db
    .updateTable('oauth2_logout_requests')
    .set({ state: 'used' })
    .where('hash', '=', tokenHash(challenge))
    .where('verifier_hash', '=', tokenHash(verifier))
    .where('state', 'in', ['accepted', 'used'])
    .where('expires_at', '>', ctx.clock.now())
    .returning('sealed_data')
    .executeTakeFirst()
  return row && openWithToken<LogoutRequest>(challenge, row.sealed_data)
}
