import type { Context } from '../../kernel/context.ts'
import { bearerToken, type Call } from '../../kernel/http/index.ts'
import { dpopToken } from '../dpop/resource.ts'
import { formOf } from '../form.ts'
import { findActiveAccessToken } from '../token/introspect.ts'
import { basicText } from './authenticate.ts'
import type { Client } from './client.ts'
import { findClient } from './store.ts'

/**
 * The origins whose pages may read what a client is answered (`allowed_cors_origins`). As in Hydra, the client is the one
 * that the form names, that authenticates, or whose access token is presented. Never throws.
 */
export async function originsOfClient(ctx: Context, call: Call): Promise<readonly string[]> {
  try {
    return (await clientOf(ctx, call))?.metadata.allowed_cors_origins ?? []
  } catch {
    return []
  }
}

async function clientOf(ctx: Context, call: Call): Promise<Client | undefined> {
  const id = formOf(call).get('client_id') || basicText(call)?.split(':', 1)[0]
  if (id !== undefined) return findClient(ctx, id)
  const token = bearerToken(call) ?? dpopToken(call)
  return token === undefined ? undefined : (await findActiveAccessToken(ctx, token))?.client
}
