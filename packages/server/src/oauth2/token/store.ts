import { insertTogether, preparedStatement } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import { type Client, clientFromRow } from '../clients/client.ts'
import type { OAuth2ClientRow } from '../clients/tables.ts'
import type { OAuth2AccessTokenRow, OAuth2CodeRow, OAuth2RefreshTokenRow } from './tables.ts'

const insertCodeRow = insertTogether('oauth2_codes', [
  'hash',
  'request_id',
  'client_id',
  'sealed_data',
  'used_at',
  'expires_at',
])

export async function insertCode(ctx: Context, row: Omit<OAuth2CodeRow, 'used_at'>): Promise<void> {
  await insertCodeRow(ctx.db, { ...row, used_at: null })
}

const selectCode = preparedStatement<{ hash: string }, OAuth2CodeRow>((db, p) =>
  db.selectFrom('oauth2_codes').selectAll().where('hash', '=', p.hash),
)

export async function findCode(ctx: Context, hash: string): Promise<OAuth2CodeRow | undefined> {
  const [row] = await selectCode(ctx.db, { hash })
  return row
}

const useCode = preparedStatement<{ hash: string; now: number }, { hash: string }>((db, p) =>
  db
    .updateTable('oauth2_codes')
    .set({ used_at: p.now })
    .where('hash', '=', p.hash)
    .where('used_at', 'is', null)
    .returning('hash'),
)

/** Whether this is the first use of a code: of any number of simultaneous ones, exactly one is. */
export async function redeemCode(ctx: Context, hash: string): Promise<boolean> {
  return (await useCode(ctx.db, { hash, now: ctx.clock.now() })).length > 0
}

const insertAccessRow = insertTogether('oauth2_access_tokens', [
  'hash',
  'request_id',
  'client_id',
  'sealed_data',
  'expires_at',
])

export async function insertAccessToken(ctx: Context, row: OAuth2AccessTokenRow): Promise<void> {
  await insertAccessRow(ctx.db, row)
}

export interface FoundToken<Row> {
  readonly row: Row
  readonly client: Client
}

const tokenColumns = ['t.hash', 't.request_id', 't.sealed_data', 't.expires_at'] as const
const clientColumns = [
  'c.id',
  'c.name',
  'c.owner',
  'c.metadata',
  'c.secret_hash',
  'c.rotated_secret_hashes',
  'c.registration_token_hash',
  'c.token_generation',
  'c.created_at',
  'c.updated_at',
] as const

type AccessColumns = Pick<OAuth2AccessTokenRow, 'hash' | 'request_id' | 'sealed_data' | 'expires_at'>

const selectAccess = preparedStatement<{ hash: string; now: number }, AccessColumns & OAuth2ClientRow>((db, p) =>
  db
    .selectFrom('oauth2_access_tokens as t')
    .innerJoin('oauth2_clients as c', 'c.id', 't.client_id')
    .select([...tokenColumns, ...clientColumns])
    .where('t.hash', '=', p.hash)
    .where('t.expires_at', '>', p.now),
)

/** An access token that has not expired, with its client. Whether it was revoked with the others of the client, the caller checks. */
export async function findAccessToken(ctx: Context, hash: string): Promise<FoundToken<AccessColumns> | undefined> {
  const [row] = await selectAccess(ctx.db, { hash, now: ctx.clock.now() })
  return row && { row, client: clientFromRow(row) }
}

const insertRefreshRow = preparedStatement<OAuth2RefreshTokenRow & Record<string, unknown>, never>((db, p) =>
  db.insertInto('oauth2_refresh_tokens').values({
    hash: p.hash,
    request_id: p.request_id,
    client_id: p.client_id,
    sealed_data: p.sealed_data,
    access_hash: p.access_hash,
    used_at: p.used_at,
    used_times: p.used_times,
    sealed_response: p.sealed_response,
    expires_at: p.expires_at,
  }),
)

export async function insertRefreshToken(
  ctx: Context,
  row: Omit<OAuth2RefreshTokenRow, 'used_at' | 'used_times' | 'sealed_response'>,
): Promise<void> {
  await insertRefreshRow(ctx.db, { ...row, used_at: null, used_times: 0, sealed_response: null })
}

type RefreshColumns = Omit<OAuth2RefreshTokenRow, 'client_id'>

const selectRefresh = preparedStatement<{ hash: string }, RefreshColumns & OAuth2ClientRow>((db, p) =>
  db
    .selectFrom('oauth2_refresh_tokens as t')
    .innerJoin('oauth2_clients as c', 'c.id', 't.client_id')
    .select([...tokenColumns, ...clientColumns])
    .select(['t.access_hash', 't.used_at', 't.used_times', 't.sealed_response'])
    .where('t.hash', '=', p.hash),
)

/** A refresh token, used and expired or not, with its client. */
export async function findRefreshToken(ctx: Context, hash: string): Promise<FoundToken<RefreshColumns> | undefined> {
  const [row] = await selectRefresh(ctx.db, { hash })
  return row && { row, client: clientFromRow(row) }
}

const useRefresh = preparedStatement<{ hash: string; now: number; response: string | null }, { hash: string }>(
  (db, p) =>
    db
      .updateTable('oauth2_refresh_tokens')
      .set({ used_at: p.now, used_times: 1, sealed_response: p.response })
      .where('hash', '=', p.hash)
      .where('used_at', 'is', null)
      .returning('hash'),
)

/**
 * Whether this is the first use of a refresh token: of any number of simultaneous ones, exactly one is. The response is
 * kept for those that come within the grace period.
 */
export async function redeemRefreshToken(
  ctx: Context,
  hash: string,
  { sealedResponse }: { sealedResponse: string | null },
): Promise<boolean> {
  return (await useRefresh(ctx.db, { hash, now: ctx.clock.now(), response: sealedResponse })).length > 0
}

/** Counts a further use within the grace period; false if there were as many as are allowed. */
export async function countReuse(ctx: Context, hash: string, most: number): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('oauth2_refresh_tokens')
    .set((eb) => ({ used_times: eb('used_times', '+', 1) }))
    .where('hash', '=', hash)
    .where('used_times', '<', most)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

const deleteAccessOf = preparedStatement<{ requestId: string }, never>((db, p) =>
  db.deleteFrom('oauth2_access_tokens').where('request_id', '=', p.requestId),
)
const deleteRefreshOf = preparedStatement<{ requestId: string }, never>((db, p) =>
  db.deleteFrom('oauth2_refresh_tokens').where('request_id', '=', p.requestId),
)

export async function deleteAccessTokensOf(ctx: Context, requestId: string): Promise<void> {
  await deleteAccessOf(ctx.db, { requestId })
}

/** Revokes one access token, and none of its family. */
export async function deleteAccessToken(ctx: Context, hash: string): Promise<void> {
  await ctx.db.deleteFrom('oauth2_access_tokens').where('hash', '=', hash).execute()
}

/** Revokes every token of a family. */
export async function deleteFamily(ctx: Context, requestId: string): Promise<void> {
  await deleteAccessOf(ctx.db, { requestId })
  await deleteRefreshOf(ctx.db, { requestId })
}

/** Revokes the tokens of several families. */
export async function deleteFamilies(ctx: Context, requestIds: readonly string[]): Promise<void> {
  if (requestIds.length === 0) return
  await ctx.db.deleteFrom('oauth2_access_tokens').where('request_id', 'in', requestIds).execute()
  await ctx.db.deleteFrom('oauth2_refresh_tokens').where('request_id', 'in', requestIds).execute()
  await ctx.db.deleteFrom('oauth2_codes').where('request_id', 'in', requestIds).execute()
}

/** What a client could still redeem. Its access tokens are not active without it. */
export async function deleteGrantsOfClient(ctx: Context, clientId: string): Promise<void> {
  await ctx.db.deleteFrom('oauth2_refresh_tokens').where('client_id', '=', clientId).execute()
  await ctx.db.deleteFrom('oauth2_codes').where('client_id', '=', clientId).execute()
  await ctx.db.deleteFrom('oauth2_device_codes').where('client_id', '=', clientId).execute()
}

/** Whether the id of a JSON Web Token is new: of any number of simultaneous uses, exactly one is the first. */
export async function spendJwtId(ctx: Context, hash: string, expiresAt: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await ctx.db
    .insertInto('oauth2_jwt_ids')
    .values({ hash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['hash']).doNothing())
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}
