import type { IntrospectedOAuth2Token } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Client, isPublic } from '../clients/client.ts'
import { includesScope } from '../scopes.ts'
import { seconds } from './claims.ts'
import { tokenTypeOf } from './confirmation.ts'
import type { Grant } from './grant.ts'
import { hashOfToken, openWithToken } from './opaque.ts'
import { findAccessToken, findRefreshToken } from './store.ts'

export interface ActiveToken {
  readonly use: 'access_token' | 'refresh_token'
  /** The client that it was issued to. */
  readonly client: Client
  readonly grant: Grant
  readonly expiresAt: number
}

/** An access token that is neither expired nor revoked. */
export async function findActiveAccessToken(ctx: Context, token: string): Promise<ActiveToken | undefined> {
  const hash = hashOfToken(token)
  const found = hash === undefined ? undefined : await findAccessToken(ctx, hash)
  if (!found) return undefined
  const grant = openWithToken<Grant>(token, found.row.sealed_data)
  if (grant.generation !== found.client.tokenGeneration) return undefined
  return { use: 'access_token', client: found.client, grant, expiresAt: found.row.expires_at }
}

/** A refresh token that can be exchanged. */
export async function findActiveRefreshToken(ctx: Context, token: string): Promise<ActiveToken | undefined> {
  const hash = hashOfToken(token)
  const found = hash === undefined ? undefined : await findRefreshToken(ctx, hash)
  if (!found || found.row.used_at !== null || found.row.expires_at <= ctx.clock.now()) return undefined
  return {
    use: 'refresh_token',
    client: found.client,
    grant: openWithToken<Grant>(token, found.row.sealed_data),
    expiresAt: found.row.expires_at,
  }
}

/** RFC 7662. A token that lacks one of the given scopes counts as inactive, as in Hydra. */
export async function introspect(
  ctx: Context,
  token: string,
  { scopes, hint }: { scopes: readonly string[]; hint: string },
): Promise<IntrospectedOAuth2Token> {
  const finders = [findActiveAccessToken, findActiveRefreshToken]
  if (hint === 'refresh_token') finders.reverse()
  for (const find of finders) {
    const found = await find(ctx, token)
    if (found && scopes.every((scope) => includesScope(ctx, found.grant.scope, scope))) return describe(ctx, found)
  }
  return { active: false }
}

function describe({ config }: Context, { use, client, grant, expiresAt }: ActiveToken): IntrospectedOAuth2Token {
  const { accessClaims = {}, person, confirmation } = grant
  // Of the refresh tokens of other clients, nobody needs the key.
  const isBound = use === 'access_token' || isPublic(client)
  return {
    active: true,
    ...(grant.actor && { act: grant.actor }),
    aud: [...grant.audience],
    client_id: grant.clientId,
    ...(confirmation && isBound && { cnf: confirmation }),
    exp: seconds(expiresAt),
    ...(Object.keys(accessClaims).length > 0 && { ext: { ...accessClaims } }),
    iat: seconds(grant.issuedAt),
    iss: config.oauth2.urls.self.issuer,
    nbf: seconds(grant.issuedAt),
    ...(person && person.subject !== grant.subject && { obfuscated_subject: person.subject }),
    ...(grant.scope.length > 0 && { scope: grant.scope.join(' ') }),
    sub: grant.subject,
    token_type: isBound && tokenTypeOf(grant) === 'DPoP' ? 'DPoP' : 'Bearer',
    token_use: use,
  }
}
