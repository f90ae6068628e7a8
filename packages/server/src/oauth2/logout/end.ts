import { idTokenKeys, signToken } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'
import { findClient } from '../clients/store.ts'
import { clientsOfSession } from '../consent/store.ts'
import { withQuery } from '../flow/urls.ts'
import { deleteLoginSession, findRememberedSession } from '../sessions/store.ts'
import { seconds } from '../token/claims.ts'

interface Ended {
  readonly subject: string
  readonly sessionId: string
}

/** Ends a login session and tells every client that took part in it (OpenID Connect Back-Channel Logout 1.0). */
export async function endLoginSession(ctx: Context, ended: Ended): Promise<void> {
  const clients = await clientsWith(ctx, ended, 'backchannel_logout_uri')
  const messages = await Promise.all(clients.map((client) => logoutToken(ctx, client, ended)))
  await deleteLoginSession(ctx, ended.sessionId)
  for (const message of messages) void deliver(ctx, message)
}

/** Ends a session by its id, as administrators do. */
export async function endSessionById(ctx: Context, id: string): Promise<void> {
  const session = await findRememberedSession(ctx, id)
  if (session) await endLoginSession(ctx, { subject: session.subject, sessionId: id })
}

/** The frames of the logout page (OpenID Connect Front-Channel Logout 1.0, section 3). */
export async function frontChannelUrls(ctx: Context, ended: Ended): Promise<string[]> {
  const clients = await clientsWith(ctx, ended, 'frontchannel_logout_uri')
  const parameters = { iss: ctx.config.oauth2.urls.self.issuer, sid: ended.sessionId }
  return clients.map(({ metadata }) => withQuery(metadata.frontchannel_logout_uri ?? '', parameters))
}

async function clientsWith(
  ctx: Context,
  ended: Ended,
  name: 'backchannel_logout_uri' | 'frontchannel_logout_uri',
): Promise<Client[]> {
  const ids = await clientsOfSession(ctx, ended)
  const found = await Promise.all(ids.map((id) => findClient(ctx, id)))
  return found.flatMap((client) => (client?.metadata[name] ? [client] : []))
}

interface Message {
  readonly clientId: string
  readonly url: string
  readonly token: string
}

/** Section 2.4. */
async function logoutToken(ctx: Context, { id, metadata }: Client, { sessionId }: Ended): Promise<Message> {
  const claims = {
    iss: ctx.config.oauth2.urls.self.issuer,
    aud: [id],
    iat: seconds(ctx.clock.now()),
    jti: ctx.random.uuid(),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    sid: sessionId,
  }
  return { clientId: id, url: metadata.backchannel_logout_uri ?? '', token: await signToken(ctx, idTokenKeys, claims) }
}

/** The session has ended in any case; a client that does not answer is logged. */
async function deliver(ctx: Context, { clientId, url, token }: Message): Promise<void> {
  try {
    const { status } = await ctx.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
      timeoutMs: 5_000,
      maxRedirects: 0,
    })
    if (status !== 200 && status !== 204)
      ctx.log.warn({ client_id: clientId, status }, 'a client refused a logout token')
  } catch (error) {
    ctx.log.warn({ client_id: clientId, err: error }, 'a logout token could not be delivered')
  }
}
