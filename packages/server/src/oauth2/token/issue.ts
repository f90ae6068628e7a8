import type { OAuth2TokenExchange } from '@latchkey/api'
import { accessTokenKeys, idTokenKeys, signingKey, signToken } from '../../jwk/index.ts'
import type { Context } from '../../kernel/context.ts'
import { tokenHash } from '../../kernel/keys.ts'
import type { Client } from '../clients/client.ts'
import { insufficientEntropy } from '../errors.ts'
import { accessTokenClaims, type Companions, idTokenClaims, seconds } from './claims.ts'
import { tokenTypeOf } from './confirmation.ts'
import type { Grant, PersonClaims } from './grant.ts'
import { type GrantName, lifespanOf } from './lifespans.ts'
import { newToken, sealWithToken } from './opaque.ts'
import { insertAccessToken, insertRefreshToken } from './store.ts'

/** The least length of values that a client chooses to be unpredictable, as in Hydra. */
export const minEntropyLength = 8

export interface MadeToken {
  readonly token: string
  readonly expiresAt: number
  /** As the API returns it. */
  readonly expiresIn: number
}

export interface AccessTokenOptions {
  readonly grant: Grant
  readonly by: GrantName
  /** When it expires at the latest, in milliseconds. */
  readonly until?: number
}

/** Makes an access token, opaque or JWT (RFC 9068) as the client or the server is configured. It is not stored yet. */
export async function makeAccessToken(
  ctx: Context,
  client: Client,
  { grant, by, until = Number.POSITIVE_INFINITY }: AccessTokenOptions,
): Promise<MadeToken> {
  const issuedAt = ctx.clock.now()
  const expiresAt = Math.min(issuedAt + lifespanOf(ctx, client, by, 'access_token'), until)
  const strategy = client.metadata.access_token_strategy || ctx.config.oauth2.strategies.access_token
  const token =
    strategy === 'jwt'
      ? await signToken(ctx, accessTokenKeys, accessTokenClaims(ctx, grant, { issuedAt, expiresAt }))
      : newToken(ctx, 'ory_at_')
  return { token, expiresAt, expiresIn: seconds(expiresAt - issuedAt) }
}

export async function storeAccessToken(ctx: Context, { token, expiresAt }: MadeToken, grant: Grant): Promise<void> {
  await insertAccessToken(ctx, {
    hash: tokenHash(token),
    request_id: grant.requestId,
    client_id: grant.clientId,
    sealed_data: sealWithToken(ctx, token, grant),
    expires_at: expiresAt,
  })
}

/** The response of grants that lead to an access token alone (RFC 6749, section 4.4.3). */
export async function issueAccessToken(
  ctx: Context,
  client: Client,
  options: AccessTokenOptions,
): Promise<OAuth2TokenExchange> {
  const { grant } = options
  const made = await makeAccessToken(ctx, client, options)
  await storeAccessToken(ctx, made, grant)
  return {
    access_token: made.token,
    expires_in: made.expiresIn,
    scope: grant.scope.join(' '),
    token_type: tokenTypeOf(grant),
  }
}

export function makeRefreshToken(ctx: Context, client: Client, by: GrantName): MadeToken {
  const lifespan = lifespanOf(ctx, client, by, 'refresh_token')
  const expiresAt = Math.min(ctx.clock.now() + lifespan, Number.MAX_SAFE_INTEGER)
  return { token: newToken(ctx, 'ory_rt_'), expiresAt, expiresIn: seconds(lifespan) }
}

export async function storeRefreshToken(
  ctx: Context,
  { token, expiresAt }: MadeToken,
  { grant, accessToken }: { grant: Grant; accessToken: string },
): Promise<void> {
  await insertRefreshToken(ctx, {
    hash: tokenHash(token),
    request_id: grant.requestId,
    client_id: grant.clientId,
    sealed_data: sealWithToken(ctx, token, grant),
    access_hash: tokenHash(accessToken),
    expires_at: expiresAt,
  })
}

/** Whether refresh tokens are issued: the person granted it, and the client uses the grant. */
export function mayRefresh(client: Client, { scope }: Grant): boolean {
  const isGranted = scope.includes('offline_access') || scope.includes('offline')
  return isGranted && (client.metadata.grant_types ?? []).includes('refresh_token')
}

/** @throws insufficient_entropy for a nonce that could be guessed */
export async function makeIdToken(
  ctx: Context,
  client: Client,
  of: { person: PersonClaims; by: GrantName; companions: Omit<Companions, 'algorithm'> },
): Promise<string> {
  const { person, by, companions } = of
  requireNonce(person.nonce)
  const issuedAt = ctx.clock.now()
  const expiresAt = issuedAt + lifespanOf(ctx, client, by, 'id_token')
  const { algorithm } = await signingKey(ctx, idTokenKeys)
  const claims = idTokenClaims(
    ctx,
    { clientId: client.id, person: by === 'refresh_token' ? person : withAcr(person) },
    { issuedAt, expiresAt, companions: { ...companions, algorithm } },
  )
  return signToken(ctx, idTokenKeys, claims)
}

/** OpenID Connect Core 1.0, section 2: an authentication that meets no level of assurance is 0. */
function withAcr(person: PersonClaims): PersonClaims {
  return person.wasAskedForAcr && !person.acr ? { ...person, acr: '0' } : person
}

export function requireNonce(nonce: string | undefined): void {
  if (nonce && nonce.length < minEntropyLength)
    throw insufficientEntropy(`The nonce must have at least ${minEntropyLength} characters.`)
}
