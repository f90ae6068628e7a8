import type { OAuth2ClientTokenLifespans } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'
import { durationMs } from '../clients/durations.ts'

export type GrantName =
  | 'authorization_code'
  | 'client_credentials'
  | 'device_authorization'
  | 'implicit'
  | 'jwt_bearer'
  | 'refresh_token'
  | 'token_exchange'
export type TokenKind = 'access_token' | 'id_token' | 'refresh_token'

/** In milliseconds; Infinity for refresh tokens that never expire. That of the client comes before that of the server. */
export function lifespanOf({ config }: Context, client: Client, grant: GrantName, kind: TokenKind): number {
  const own = client.metadata[`${grant}_grant_${kind}_lifespan` as keyof OAuth2ClientTokenLifespans]
  const ownMs = own ? durationMs(own) : undefined
  if (ownMs !== undefined) return ownMs
  const { ttl } = config.oauth2
  switch (kind) {
    case 'access_token':
      return ttl.access_token
    case 'id_token':
      return ttl.id_token
    case 'refresh_token':
      return ttl.refresh_token < 0 ? Number.POSITIVE_INFINITY : ttl.refresh_token
  }
}
