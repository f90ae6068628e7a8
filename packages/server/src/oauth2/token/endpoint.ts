import type { OAuth2TokenExchange } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { authenticateClient } from '../clients/authenticate.ts'
import { keyOfTokenRequest, nonceHeader } from '../dpop/token-request.ts'
import { invalidRequest } from '../errors.ts'
import { requireForm } from '../form.ts'
import { certificateToBind } from '../mtls/binding.ts'
import { credentialNonce } from './credential.ts'
import { grantHandlers } from './grants/index.ts'

interface Exchange {
  readonly body: OAuth2TokenExchange
  readonly headers: Readonly<Record<string, string>>
}

/** The token endpoint (RFC 6749, section 3.2). As in Hydra, an unknown grant is an invalid request. */
export async function exchangeToken(ctx: Context, call: Call): Promise<Exchange> {
  const form = requireForm(call)
  const type = (form.get('grant_type') ?? '').trim()
  if (type === '') throw invalidRequest('The parameter grant_type is missing.')
  const handler = grantHandlers.get(type)
  if (!handler || handler.isEnabled?.(ctx) === false) throw invalidRequest('The grant_type is not supported.')
  const client = await authenticateClient(ctx, call, form)
  const certificate = certificateToBind(ctx, call, client)
  const key = await keyOfTokenRequest(ctx, call, client)
  const confirmation = key || certificate ? { ...key, ...certificate } : undefined
  const response = await handler.handle(ctx, { client, form, confirmation })
  const isNonceNeeded = key !== undefined && ctx.config.oauth2.oauth2.dpop.nonce_required
  return { body: { ...response, ...credentialNonce(ctx, response) }, headers: isNonceNeeded ? nonceHeader(ctx) : {} }
}
