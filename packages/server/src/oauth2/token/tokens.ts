import type { OAuth2TokenExchange } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import type { Client } from '../clients/client.ts'
import { tokenTypeOf } from './confirmation.ts'
import type { Grant } from './grant.ts'
import {
  type MadeToken,
  makeAccessToken,
  makeIdToken,
  makeRefreshToken,
  mayRefresh,
  storeAccessToken,
  storeRefreshToken,
} from './issue.ts'
import type { GrantName } from './lifespans.ts'

/** Tokens for a person, and the response that contains them. */
export interface IssuedTokens {
  readonly access: MadeToken
  /** What the access token stands for: the grant, for some of its audience perhaps. */
  readonly accessGrant: Grant
  readonly refresh: MadeToken | undefined
  readonly response: OAuth2TokenExchange
}

interface IssueOptions {
  readonly grant: Grant
  /** That of the access token, if it is not the whole one of the grant. */
  readonly audience?: readonly string[]
  readonly by: GrantName
  /** Whether there is a refresh token. */
  readonly refreshes?: boolean
  /** The code that the ID token names. */
  readonly code?: string
}

/** Makes the tokens that a grant entitles to. They are not stored yet, so that a grant is redeemed together with it. */
export async function issueTokens(
  ctx: Context,
  client: Client,
  { grant, audience = grant.audience, by, refreshes = mayRefresh(client, grant), code }: IssueOptions,
): Promise<IssuedTokens> {
  const accessGrant = { ...grant, audience }
  const access = await makeAccessToken(ctx, client, { grant: accessGrant, by })
  const refresh = refreshes ? makeRefreshToken(ctx, client, by) : undefined
  const { person } = grant
  const idToken =
    person && grant.scope.includes('openid')
      ? await makeIdToken(ctx, client, {
          person,
          by,
          companions: { accessToken: access.token, ...(code !== undefined && { code }) },
        })
      : undefined
  return {
    access,
    accessGrant,
    refresh,
    response: {
      access_token: access.token,
      expires_in: access.expiresIn,
      ...(idToken && { id_token: idToken }),
      ...(refresh && { refresh_token: refresh.token }),
      scope: grant.scope.join(' '),
      token_type: tokenTypeOf(grant),
    },
  }
}

export async function storeTokens(
  ctx: Context,
  { access, accessGrant, refresh }: IssuedTokens,
  grant: Grant,
): Promise<void> {
  await storeAccessToken(ctx, access, accessGrant)
  if (refresh) await storeRefreshToken(ctx, refresh, { grant, accessToken: access.token })
}
