import type { Context } from '../../kernel/context.ts'
import type { Call } from '../../kernel/http/index.ts'
import { formOf } from '../form.ts'
import { bearerToken } from '../token/bearer.ts'
import { findActiveAccessToken } from '../token/introspect.ts'
import { findClient } from './store.ts'

/**
 * The origins whose pages may read what a client is answered (`allowed_cors_origins`). As in Hydra, the client is the one
 * that the form names, that authenticates, or whose access token is presented. Never throws.
 */
export async function originsOfClient(ctx: Context, call: Call): Promise<readonly string[]> {
  try {
    const id = await clientIdOf(ctx, call)
    const client = id ? await findClient(ctx, id) : undefined
    return client?.metadata.allowed_cors_origins ?? []
  } catch {
    return []
  }
}

async function clientIdOf(ctx: Context, call: Call): Promise<string | undefined> {
  const named = formOf(call).get('client_id')
  if (named) return named
  const [, basic] = /^basic +([\w+/=-]+)\s*$/i.exec(call.header('authorization') ?? '') ?? []
  if (basic !== undefined) return Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0]
  const token = bearerToken(call)
  return token === undefined ? undefined : (await findActiveAccessToken(ctx, token))?.grant.clientId
}
