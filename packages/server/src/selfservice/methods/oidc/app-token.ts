import { createHash } from 'node:crypto'
import { ApiError } from '@latchkey/api'
import type { Context } from '../../../kernel/context.ts'
import { sameText } from '../../../kernel/keys.ts'
import type { ProviderConfig } from './config.ts'
import type { Proven } from './connection.ts'
import { callTo } from './offered-providers.ts'
import type { Claims } from './providers/claims.ts'
import { providerOf } from './providers/index.ts'
import type { Provider } from './providers/provider.ts'

/**
 * Verifies an ID token that an app got from the provider itself. Throws 502 if the provider has none that can be
 * verified or if the nonce does not fit, as in Kratos, and 403 if the token is not valid.
 */
export async function provenByToken(
  ctx: Context,
  config: ProviderConfig,
  { token, nonce }: { token: string; nonce: string },
): Promise<Proven> {
  const provider = providerOf(config)
  if (!provider.verifyIdToken)
    throw ApiError.upstream(`The provider ${config.provider} has no ID tokens that can be verified.`)
  const vouched = await provider.verifyIdToken(callTo(ctx, config), token).catch((error: unknown) => {
    const isInvalid = error instanceof ApiError && error.httpStatus === 400
    throw isInvalid ? ApiError.forbidden({ reason: error.reason ?? 'The ID token is not valid.' }) : error
  })
  requireNonce(provider, vouched.claims, nonce)
  return { config, vouched }
}

/** A nonce that was sent must come back, and one that is in the token must be known. */
function requireNonce(provider: Provider, claims: Claims, given: string): void {
  const { nonce } = claims
  if (!nonce) {
    if (given || !provider.mayLackNonce?.(claims)) throw ApiError.upstream('The ID token has no nonce.')
    return
  }
  if (!given) throw ApiError.upstream('The ID token has a nonce, but id_token_nonce is missing.')
  // The SDKs of Apple and Google are given the hash of the nonce.
  const hashed = createHash('sha256').update(given).digest('hex')
  if (!sameText(nonce, given) && !sameText(nonce, hashed))
    throw ApiError.upstream('The nonce of the ID token is not the one in id_token_nonce.')
}
