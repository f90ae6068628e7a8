import { prepared } from '../db/index.ts'
import type { IdentityRow } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { fromRow, type Session } from './record.ts'
import type { SessionRow } from './tables.ts'

const columns = [
  'id',
  'identity_id',
  'active',
  'aal',
  'authenticated_at',
  'issued_at',
  'expires_at',
  'methods',
  'devices',
] as const

/** A session's row with what is needed of its identity, read in one statement. */
export interface SessionWithIdentity extends Omit<SessionRow, 'token_hash' | 'logout_token_hash'> {
  state: string
  schema_id: string
  document: string
  second_factors: string
}

/** What whoami tells; each column costs as much as a comparison in the database, so what is only compared is not read. */
export type SessionInForce = Omit<SessionWithIdentity, 'active' | 'identity_id' | 'state'>

const inForce = prepared<{ hash: string; now: number }, SessionInForce>((db, p) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('identities as i', 'i.id', 's.identity_id')
    .select(['s.id', 's.aal', 's.authenticated_at', 's.issued_at', 's.expires_at', 's.methods', 's.devices'])
    .select(['i.schema_id', 'i.document', 'i.second_factors'])
    .where('s.token_hash', '=', p.hash)
    .where('s.active', '=', 1)
    .where('s.expires_at', '>', p.now)
    .where('i.state', '=', 'active'),
)

/** The session in force that a token's hash belongs to. */
export async function findInForce(ctx: Context, hash: string): Promise<SessionInForce | undefined> {
  const [row] = await inForce(ctx.db, { hash, now: ctx.clock.now() })
  return row
}

const withIdentity = prepared<{ hash: string }, SessionWithIdentity>((db, p) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('identities as i', 'i.id', 's.identity_id')
    .select(columns.map((column) => `s.${column}` as const))
    .select(['i.state', 'i.schema_id', 'i.document', 'i.second_factors'])
    .where('s.token_hash', '=', p.hash),
)

const withCredentials = prepared<{ hash: string; now: number }, SessionWithIdentity & Pick<IdentityRow, 'credentials'>>(
  (db, p) =>
    db
      .selectFrom('sessions as s')
      .innerJoin('identities as i', 'i.id', 's.identity_id')
      .select(columns.map((column) => `s.${column}` as const))
      .select(['i.state', 'i.schema_id', 'i.document', 'i.second_factors', 'i.credentials'])
      .where('s.token_hash', '=', p.hash)
      .where('s.active', '=', 1)
      .where('s.expires_at', '>', p.now)
      .where('i.state', '=', 'active'),
)

/** The session in force that a token's hash belongs to, with its identity's credentials, which whoami does not need. */
export async function findWithCredentials(ctx: Context, hash: string) {
  const [row] = await withCredentials(ctx.db, { hash, now: ctx.clock.now() })
  return row
}

/** The session that a token's hash belongs to, active or not, with its identity. */
export async function findByTokenHash(ctx: Context, hash: string): Promise<SessionWithIdentity | undefined> {
  const [row] = await withIdentity(ctx.db, { hash })
  return row
}

export async function findByLogoutTokenHash(ctx: Context, hash: string): Promise<Session | undefined> {
  const row = await ctx.db
    .selectFrom('sessions')
    .select(columns)
    .where('logout_token_hash', '=', hash)
    .executeTakeFirst()
  return row && fromRow(row)
}

export async function insertSession(
  ctx: Context,
  session: Session,
  hashes: { token: string; logoutToken: string },
): Promise<void> {
  await insertion(ctx.db, {
    id: session.id,
    identity_id: session.identityId,
    token_hash: hashes.token,
    logout_token_hash: hashes.logoutToken,
    active: session.active ? 1 : 0,
    aal: session.aal,
    authenticated_at: session.authenticatedAt,
    issued_at: session.issuedAt,
    expires_at: session.expiresAt,
    methods: JSON.stringify(session.methods),
    devices: JSON.stringify(session.devices),
  })
}

const insertion = prepared<SessionRow & Record<string, unknown>, unknown>((db, p) =>
  db.insertInto('sessions').values({
    id: p.id,
    identity_id: p.identity_id,
    token_hash: p.token_hash,
    logout_token_hash: p.logout_token_hash,
    active: p.active,
    aal: p.aal,
    authenticated_at: p.authenticated_at,
    issued_at: p.issued_at,
    expires_at: p.expires_at,
    methods: p.methods,
    devices: p.devices,
  }),
)

/** Stores what a further proof changed. */
export async function updateSession(ctx: Context, session: Session): Promise<void> {
  await ctx.db
    .updateTable('sessions')
    .set({
      aal: session.aal,
      authenticated_at: session.authenticatedAt,
      methods: JSON.stringify(session.methods),
      devices: JSON.stringify(session.devices),
    })
    .where('id', '=', session.id)
    .execute()
}

export async function setLogoutTokenHash(ctx: Context, id: string, hash: string): Promise<void> {
  await ctx.db.updateTable('sessions').set({ logout_token_hash: hash }).where('id', '=', id).execute()
}

export async function setExpiry(ctx: Context, id: string, expiresAt: number): Promise<void> {
  await ctx.db.updateTable('sessions').set({ expires_at: expiresAt }).where('id', '=', id).execute()
}

/** Which sessions of an identity are meant: one, all, or all but one. */
export interface SessionsOf {
  id?: string
  identityId?: string
  exceptId?: string
}

/** Sessions that a write ended: those that were active before. */
export type EndedSession = Pick<Session, 'id' | 'identityId'>

/** Marks sessions as revoked. Gives those that were not before. */
export async function revokeRows(ctx: Context, sessions: SessionsOf): Promise<EndedSession[]> {
  let query = ctx.db.updateTable('sessions').set({ active: 0 }).where('active', '=', 1)
  if (sessions.id) query = query.where('id', '=', sessions.id)
  if (sessions.identityId) query = query.where('identity_id', '=', sessions.identityId)
  if (sessions.exceptId) query = query.where('id', '!=', sessions.exceptId)
  return query.returning(['id', 'identity_id as identityId']).execute()
}

/** How many of the sessions there are, revoked or not. */
export async function countRowsOf(ctx: Context, sessions: SessionsOf): Promise<number> {
  let query = ctx.db.selectFrom('sessions').select((eb) => eb.fn.countAll<number>().as('count'))
  if (sessions.id) query = query.where('id', '=', sessions.id)
  if (sessions.identityId) query = query.where('identity_id', '=', sessions.identityId)
  if (sessions.exceptId) query = query.where('id', '!=', sessions.exceptId)
  return Number((await query.executeTakeFirstOrThrow()).count)
}

/** Removes all sessions of an identity. Gives those that there were. */
export async function deleteRowsOf(ctx: Context, identityId: string): Promise<(EndedSession & { active: number })[]> {
  return ctx.db
    .deleteFrom('sessions')
    .where('identity_id', '=', identityId)
    .returning(['id', 'identity_id as identityId', 'active'])
    .execute()
}

export interface SessionFilter {
  identityId?: string
  exceptId?: string
  /** Active means not revoked and not run out. */
  active?: boolean
}

export interface ListedSession extends Omit<SessionWithIdentity, 'state' | 'second_factors'> {}

const listed = prepared<{ id: string }, ListedSession>((db, p) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('identities as i', 'i.id', 's.identity_id')
    .select(columns.map((column) => `s.${column}` as const))
    .select(['i.schema_id', 'i.document'])
    .where('s.id', '=', p.id),
)

/** A session, active or not, with what is shown of its identity. */
export async function findListed(ctx: Context, id: string): Promise<ListedSession | undefined> {
  const [row] = await listed(ctx.db, { id })
  return row
}

/** Sessions with their identities, newest first. */
export async function listSessionRows(
  ctx: Context,
  filter: SessionFilter,
  page: { size: number; after?: string; offset?: number },
): Promise<ListedSession[]> {
  let query = filtered(ctx, filter)
    .innerJoin('identities as i', 'i.id', 's.identity_id')
    .select(columns.map((column) => `s.${column}` as const))
    .select(['i.schema_id', 'i.document'])
    .orderBy('s.id', 'desc')
  if (page.after) query = query.where('s.id', '<', page.after)
  if (page.offset) query = query.offset(page.offset)
  return query.limit(page.size).execute()
}

export async function countSessions(ctx: Context, filter: SessionFilter): Promise<number> {
  const row = await filtered(ctx, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

function filtered(ctx: Context, filter: SessionFilter) {
  const now = ctx.clock.now()
  let query = ctx.db.selectFrom('sessions as s')
  if (filter.identityId) query = query.where('s.identity_id', '=', filter.identityId)
  if (filter.exceptId) query = query.where('s.id', '!=', filter.exceptId)
  if (filter.active === true) query = query.where('s.active', '=', 1).where('s.expires_at', '>', now)
  if (filter.active === false)
    query = query.where((eb) => eb.or([eb('s.active', '=', 0), eb('s.expires_at', '<=', now)]))
  return query
}
