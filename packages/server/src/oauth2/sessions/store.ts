import { preparedStatement } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { OAuth2LoginSessionRow } from './tables.ts'

export interface LoginSession {
  readonly id: string
  readonly subject: string
  /** In milliseconds. */
  readonly authenticatedAt: number
  readonly remember: boolean
  readonly identityProviderSessionId: string | undefined
  readonly expiresAt: number
}

const selectRemembered = preparedStatement<{ id: string; now: number }, OAuth2LoginSessionRow>((db, p) =>
  db
    .selectFrom('oauth2_login_sessions')
    .selectAll()
    .where('id', '=', p.id)
    .where('remember', '=', 1)
    .where('expires_at', '>', p.now),
)

export async function findRememberedSession(ctx: Context, id: string): Promise<LoginSession | undefined> {
  const [row] = await selectRemembered(ctx.db, { id, now: ctx.clock.now() })
  return row && fromRow(row)
}

const selectId = preparedStatement<{ id: string }, { id: string }>((db, p) =>
  db.selectFrom('oauth2_login_sessions').select('id').where('id', '=', p.id),
)

const selectAny = preparedStatement<{ id: string; now: number }, OAuth2LoginSessionRow>((db, p) =>
  db.selectFrom('oauth2_login_sessions').selectAll().where('id', '=', p.id).where('expires_at', '>', p.now),
)

/** A login session, remembered or not. */
export async function findLoginSession(ctx: Context, id: string): Promise<LoginSession | undefined> {
  const [row] = await selectAny(ctx.db, { id, now: ctx.clock.now() })
  return row && fromRow(row)
}

/** Whether a login session has not been ended, remembered or not. */
export async function hasLoginSession(ctx: Context, id: string): Promise<boolean> {
  return (await selectId(ctx.db, { id })).length > 0
}

/** Stores a login session, or what a new login changes of it. */
export async function saveLoginSession(ctx: Context, session: LoginSession): Promise<void> {
  const { id, ...changes } = toRow(session)
  await ctx.db
    .insertInto('oauth2_login_sessions')
    .values({ id, ...changes })
    .onConflict((conflict) => conflict.columns(['id']).doUpdateSet(changes))
    .execute()
}

export async function deleteLoginSession(ctx: Context, id: string): Promise<LoginSession | undefined> {
  const row = await ctx.db.deleteFrom('oauth2_login_sessions').where('id', '=', id).returningAll().executeTakeFirst()
  return row && fromRow(row)
}

export async function deleteSessionsOf(ctx: Context, subject: string): Promise<void> {
  await ctx.db.deleteFrom('oauth2_login_sessions').where('subject', '=', subject).execute()
}

export async function saveForcedSubject(
  ctx: Context,
  forced: { clientId: string; subject: string; obfuscated: string },
): Promise<void> {
  const { clientId, subject, obfuscated } = forced
  await ctx.db
    .insertInto('oauth2_forced_subjects')
    .values({ client_id: clientId, subject, obfuscated })
    .onConflict((conflict) => conflict.columns(['client_id', 'subject']).doUpdateSet({ obfuscated }))
    .execute()
}

/** The subject that a client knows by an identifier that the login page chose. */
export async function isForcedSubject(ctx: Context, clientId: string, obfuscated: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('oauth2_forced_subjects')
    .select('subject')
    .where('client_id', '=', clientId)
    .where('obfuscated', '=', obfuscated)
    .executeTakeFirst()
  return row !== undefined
}

function fromRow(row: OAuth2LoginSessionRow): LoginSession {
  return {
    id: row.id,
    subject: row.subject,
    authenticatedAt: row.authenticated_at,
    remember: row.remember === 1,
    identityProviderSessionId: row.identity_provider_session_id ?? undefined,
    expiresAt: row.expires_at,
  }
}

function toRow(session: LoginSession): OAuth2LoginSessionRow {
  return {
    id: session.id,
    subject: session.subject,
    authenticated_at: session.authenticatedAt,
    remember: session.remember ? 1 : 0,
    identity_provider_session_id: session.identityProviderSessionId ?? null,
    expires_at: session.expiresAt,
  }
}
