import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { bearerToken, type Call, parseJson } from '../../kernel/http/index.ts'
import { sameText, tokenHash } from '../../kernel/keys.ts'
import { replaceClient } from './change.ts'
import { checkRegistration } from './check.ts'
import type { Client } from './client.ts'
import { type CreatedClient, createClient, newRegistrationToken } from './create.ts'
import { givenClient, parseClient } from './parse.ts'
import { findClient } from './store.ts'

/** OpenID Connect Dynamic Client Registration 1.0, section 3. The server chooses the client_id. */
export async function registerClient(ctx: Context, text: string): Promise<CreatedClient> {
  requireRegistration(ctx)
  const given = parseClient(text)
  if (given.secret)
    throw ApiError.badRequest({ reason: 'A client that registers itself cannot choose its client_secret.' })
  return createClient(ctx, { ...given, id: ctx.random.uuid() }, checkRegistration)
}

/** Replaces a client that presented its registration access token, and the token too (RFC 7592, section 2.2). */
export async function replaceRegistered(
  ctx: Context,
  client: Client,
  text: string,
): Promise<{ client: Client; registrationToken: string }> {
  const given = givenClient(parseJson(text, (reason) => ApiError.badRequest({ reason })))
  if (given.secret)
    throw ApiError.forbidden({ reason: 'A client that registers itself cannot choose its client_secret.' })
  const registrationToken = newRegistrationToken(ctx)
  const replaced = await replaceClient(ctx, client.id, given, {
    check: checkRegistration,
    registrationTokenHash: tokenHash(registrationToken),
  })
  return { client: replaced, registrationToken }
}

/** The client of a registration access token. */
export async function authenticateRegistered(ctx: Context, call: Call, id: string): Promise<Client> {
  requireRegistration(ctx)
  const client = await findClient(ctx, id)
  const presented = tokenHash(bearerToken(call) ?? '')
  if (client?.registrationTokenHash && sameText(client.registrationTokenHash, presented)) return client
  throw ApiError.unauthorized({ reason: 'The client does not exist, or the registration access token is not valid.' })
}

function requireRegistration({ config }: Context): void {
  if (!config.oauth2.oidc.dynamic_client_registration.enabled)
    throw ApiError.notFound({ reason: 'Dynamic client registration is not enabled.' })
}
