import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import type { Client } from '../clients/client.ts'
import { invalidDpopProof, useDpopNonce } from '../errors.ts'
import type { Confirmation } from '../token/grant.ts'
import { publicUrls } from './endpoint-urls.ts'
import { newNonce } from './nonce.ts'
import { spendProof } from './proof.ts'

/**
 * The key that tokens are bound to: that of the proof of a token request (RFC 9449, section 5). Undefined without a
 * proof, which costs nothing. @throws invalid_dpop_proof or use_dpop_nonce
 */
export async function keyOfTokenRequest(
  ctx: Context,
  call: Call,
  client: Client,
): Promise<Pick<Confirmation, 'jkt'> | undefined> {
  const { config } = ctx
  const isSent = config.oauth2.oauth2.dpop.enabled && call.header('dpop') !== undefined
  if (!isSent && client.metadata.dpop_bound_access_tokens)
    throw invalidDpopProof('The client gets only tokens that are bound to a key: the header DPoP is required.')
  if (!isSent) return undefined
  return { jkt: await spendSentProof(ctx, call, [config.oauth2.webfinger.oidc_discovery.token_url]) }
}

/**
 * A proof beside a pushed authorization request says the same as its parameter dpop_jkt (section 10.1 there), which is
 * set to the key of the proof. @throws invalid_dpop_proof or use_dpop_nonce
 */
export async function setKeyOfPushedRequest(ctx: Context, call: Call, parameters: URLSearchParams): Promise<void> {
  if (!ctx.config.oauth2.oauth2.dpop.enabled || call.header('dpop') === undefined) return
  const jkt = await spendSentProof(ctx, call)
  if ((parameters.get('dpop_jkt') || jkt) !== jkt)
    throw invalidDpopProof('The DPoP proof is not signed with the key of the dpop_jkt.')
  parameters.set('dpop_jkt', jkt)
}

function spendSentProof(ctx: Context, call: Call, urls: readonly string[] = []): Promise<string> {
  return spendProof(ctx, call, {
    urls: [...urls, ...publicUrls(ctx, call)],
    refuse: invalidDpopProof,
    askForNonce: () => useDpopNonce('The DPoP proof must contain a nonce of the server.', nonceHeader(ctx)),
  })
}

/** A fresh nonce beside a response, so that the next proof can contain it (section 8.2 there). */
export function nonceHeader(ctx: Context): Record<string, string> {
  return { 'dpop-nonce': newNonce(ctx) }
}
