import type { Context } from '../../kernel/context.ts'
import type { OAuth2TrustedIssuerRow } from './tables.ts'

/** @throws the unique violation of the database if this issuer, key and subject are trusted already. */
export async function insertTrust(ctx: Context, row: OAuth2TrustedIssuerRow): Promise<void> {
  await ctx.db.insertInto('oauth2_trusted_issuers').values(row).execute()
}

export async function findTrust(ctx: Context, id: string): Promise<OAuth2TrustedIssuerRow | undefined> {
  return ctx.db.selectFrom('oauth2_trusted_issuers').selectAll().where('id', '=', id).executeTakeFirst()
}

/** One more than fits on the page, if there are more. */
export async function listTrust(
  ctx: Context,
  { issuer }: { issuer: string },
  { after, size }: { after: string; size: number },
): Promise<OAuth2TrustedIssuerRow[]> {
  const all = ctx.db
    .selectFrom('oauth2_trusted_issuers')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(size + 1)
  return (issuer === '' ? all : all.where('issuer', '=', issuer)).execute()
}

/** Of simultaneous calls, exactly one returns the row. */
export async function deleteTrust(
  ctx: Context,
  id: string,
): Promise<Pick<OAuth2TrustedIssuerRow, 'issuer' | 'key_id'> | undefined> {
  return ctx.db
    .deleteFrom('oauth2_trusted_issuers')
    .where('id', '=', id)
    .returning(['issuer', 'key_id'])
    .executeTakeFirst()
}

export async function isKeyTrusted(
  ctx: Context,
  { issuer, key_id }: Pick<OAuth2TrustedIssuerRow, 'issuer' | 'key_id'>,
): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('oauth2_trusted_issuers')
    .select('id')
    .where('issuer', '=', issuer)
    .where('key_id', '=', key_id)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

const maxCandidates = 20

/** What is trusted at present for an issuer and subject, by a key or by all of them; a named subject comes first. */
export async function trustFor(
  ctx: Context,
  { issuer, subject, kid }: { issuer: string; subject: string; kid: string | undefined },
): Promise<Pick<OAuth2TrustedIssuerRow, 'key_id' | 'scope'>[]> {
  const all = ctx.db
    .selectFrom('oauth2_trusted_issuers')
    .select(['key_id', 'scope'])
    .where('issuer', '=', issuer)
    .where((eb) => eb.or([eb('subject', '=', subject), eb('any_subject', '=', 1)]))
    .where('expires_at', '>', ctx.clock.now())
    .orderBy('any_subject')
    .orderBy('created_at', 'desc')
    .limit(maxCandidates)
  return (kid === undefined ? all : all.where('key_id', '=', kid)).execute()
}
