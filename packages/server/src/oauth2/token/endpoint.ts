import type { OAuth2TokenExchange } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { authenticateClient } from '../clients/authenticate.ts'
import { invalidRequest } from '../errors.ts'
import { requireForm } from '../form.ts'
import { credentialNonce } from './credential.ts'
import { grantHandlers } from './grants/index.ts'

/** The token endpoint (RFC 6749, section 3.2). As in Hydra, an unknown grant is an invalid request. */
export async function exchangeToken(ctx: Context, call: Call): Promise<OAuth2TokenExchange> {
  const form = requireForm(call)
  const type = (form.get('grant_type') ?? '').trim()
  if (type === '') throw invalidRequest('The parameter grant_type is missing.')
  const handler = grantHandlers.get(type)
  if (!handler) throw invalidRequest('The grant_type is not supported.')
  const response = await handler.handle(ctx, { client: await authenticateClient(ctx, call, form), form })
  return { ...response, ...credentialNonce(ctx, response) }
}
