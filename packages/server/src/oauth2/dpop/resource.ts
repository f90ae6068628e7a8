import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Grant } from '../token/grant.ts'
import { publicUrls } from './endpoint-urls.ts'
import { newNonce } from './nonce.ts'
import { spendProof } from './proof.ts'

/** An access token that a request presents. */
export interface PresentedToken {
  readonly token: string
  /** Whether it was presented with the scheme DPoP (RFC 9449, section 7.1). */
  readonly isBound: boolean
}

/** The token in the Authorization header with the scheme DPoP. */
export function dpopToken(call: Pick<Call, 'header'>): string | undefined {
  return /^dpop +(\S+)$/i.exec(call.header('authorization') ?? '')?.[1]
}

/**
 * Requires the proof of the key that an access token is bound to (section 7 there). For tokens that are bound to none it
 * does nothing. A bound token is refused with another scheme, and so is the scheme DPoP with another token.
 * @throws 401 with a challenge
 */
export async function requireKeyOfToken(
  ctx: Context,
  call: Call,
  { presented, grant, urls = [] }: { presented: PresentedToken; grant: Grant; urls?: readonly string[] },
): Promise<void> {
  const jkt = grant.confirmation?.jkt
  if (jkt === undefined && !presented.isBound) return
  if (jkt === undefined) throw challenge(ctx, 'invalid_token', 'The access token is not bound to a key.')
  if (!presented.isBound) throw challenge(ctx, 'invalid_token', 'The access token needs the scheme DPoP and a proof.')
  const proven = await spendProof(ctx, call, {
    urls: [...urls, ...publicUrls(ctx, call)],
    accessToken: presented.token,
    refuse: (reason) => challenge(ctx, 'invalid_dpop_proof', reason),
    askForNonce: () =>
      challenge(ctx, 'use_dpop_nonce', 'The DPoP proof must contain a nonce of the server.', {
        'dpop-nonce': newNonce(ctx),
      }),
  })
  if (proven !== jkt) throw challenge(ctx, 'invalid_token', 'The access token is bound to another key.')
}

function challenge({ config }: Context, id: string, reason: string, headers: Record<string, string> = {}): ApiError {
  const algorithms = config.oauth2.oauth2.dpop.signing_algorithms.join(' ')
  const scheme = `DPoP error="${id}", error_description="${reason}", algs="${algorithms}"`
  return new ApiError(401, { id, reason, headers: { 'www-authenticate': scheme, ...headers } })
}
