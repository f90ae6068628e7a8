import type { ExpressionBuilder } from 'kysely'
import { preparedStatement } from '../db/index.ts'
import type { IdentityRow } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'
import { type Session, toRow } from './record.ts'
import type { NewSessionRow, ReadSessionRow } from './tables.ts'

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
  'act',
  'bound_at',
] as const

/** A session row joined with the columns of its identity that are needed. */
export interface SessionWithIdentity extends ReadSessionRow {
  state: string
  schema_id: string
  document: string
  second_factors: string
}

/**
 * The columns that whoami returns. Each column has a measurable cost, so those only used in conditions are not
 * selected, and `bound_at` only where sessions can be bound to devices.
 */
export type SessionInForce = Omit<SessionWithIdentity, 'active' | 'identity_id' | 'state' | 'bound_at'> &
  Partial<Pick<SessionWithIdentity, 'bound_at'>>

const inForce = sessionInForce()
const inForceWithBinding = sessionInForce('s.bound_at')

function sessionInForce(...more: 's.bound_at'[]) {
  return preparedStatement<{ hash: string; now: number }, SessionInForce>((db, p) =>
    db
      .selectFrom('sessions as s')
      .innerJoin('identities as i', 'i.id', 's.identity_id')
      .select(['s.id', 's.aal', 's.authenticated_at', 's.issued_at', 's.expires_at', 's.methods', 's.devices', 's.act'])
      .select(more)
      .select(['i.schema_id', 'i.document', 'i.second_factors'])
      .where('s.token_hash', '=', p.hash)
      .where('s.active', '=', 1)
      .where('s.expires_at', '>', p.now)
      .where('i.state', '=', 'active'),
  )
}

/** The active session with a token hash. */
export async function findInForce(ctx: Context, hash: string): Promise<SessionInForce | undefined> {
  const find = ctx.config.identity.session.device_bound.enabled ? inForceWithBinding : inForce
  const [row] = await find(ctx.db, { hash, now: ctx.clock.now() })
  return row
}

const withIdentity = preparedStatement<{ hash: string }, SessionWithIdentity>((db, p) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('identities as i', 'i.id', 's.identity_id')
    .select(columns.map((column) => `s.${column}` as const))
    .select(['i.state', 'i.schema_id', 'i.document', 'i.second_factors'])
    .where('s.token_hash', '=', p.hash),
)

const withCredentials = preparedStatement<
  { hash: string; now: number },
  SessionWithIdentity & Pick<IdentityRow, 'credentials'>
>((db, p) =>
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

/** The active session with a token hash, including its identity's credentials, which whoami does not need. */
export async function findWithCredentials(ctx: Context, hash: string) {
  const [row] = await withCredentials(ctx.db, { hash, now: ctx.clock.now() })
  return row
}

/** The session with a token hash, active or not, with its identity. */
export async function findByTokenHash(ctx: Context, hash: string): Promise<SessionWithIdentity | undefined> {
  const [row] = await withIdentity(ctx.db, { hash })
  return row
}

export async function insertSession(ctx: Context, session: Session, tokenHash: string): Promise<void> {
  await insertion(ctx.db, { ...toRow(session, tokenHash) })
}

const insertion = preparedStatement<NewSessionRow & Record<string, unknown>, unknown>((db, p) =>
  db.insertInto('sessions').values({
    id: p.id,
    identity_id: p.identity_id,
    token_hash: p.token_hash,
    active: p.active,
    aal: p.aal,
    authenticated_at: p.authenticated_at,
    issued_at: p.issued_at,
    expires_at: p.expires_at,
    methods: p.methods,
    devices: p.devices,
    act: p.act,
  }),
)

/** Stores the changes made by a further proof. */
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

export async function setExpiry(ctx: Context, id: string, expiresAt: number): Promise<void> {
  await ctx.db.updateTable('sessions').set({ expires_at: expiresAt }).where('id', '=', id).execute()
}

/** Selects sessions by their IDs or identities; all if there is no list. */
export interface SessionsAmong {
  ids?: readonly string[]
  identityIds?: readonly string[]
}

/** The IDs of some of these sessions. */
export async function findIds(
  ctx: Context,
  among: SessionsAmong,
  { isActive, limit }: { isActive: boolean; limit: number },
): Promise<string[]> {
  let query = ctx.db.selectFrom('sessions').select('id')
  if (among.ids) query = query.where('id', 'in', among.ids)
  if (among.identityIds) query = query.where('identity_id', 'in', among.identityIds)
  if (isActive) query = query.where('active', '=', 1)
  return (await query.limit(limit).execute()).map(({ id }) => id)
}

/** Selects sessions of an identity: one, all, or all but one; or sessions by their IDs. */
export interface SessionsOf {
  id?: string
  ids?: readonly string[]
  identityId?: string
  exceptId?: string
}

/** Sessions that a write has ended and that were active before. */
export type EndedSession = Pick<Session, 'id' | 'identityId'>

/** Revokes sessions. Returns those that were active. */
export async function revokeRows(ctx: Context, sessions: SessionsOf): Promise<EndedSession[]> {
  return ctx.db
    .updateTable('sessions')
    .set({ active: 0 })
    .where('active', '=', 1)
    .where((eb) => isOneOf(eb, sessions))
    .returning(['id', 'identity_id as identityId'])
    .execute()
}

/** Counts the selected sessions, revoked or not. */
export async function countRowsOf(ctx: Context, sessions: SessionsOf): Promise<number> {
  const { count } = await ctx.db
    .selectFrom('sessions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where((eb) => isOneOf(eb, sessions))
    .executeTakeFirstOrThrow()
  return Number(count)
}

function isOneOf(eb: ExpressionBuilder<Tables, 'sessions'>, { id, ids, identityId, exceptId }: SessionsOf) {
  return eb.and([
    ...(ids ? [eb('id', 'in', ids)] : []),
    ...(id ? [eb('id', '=', id)] : []),
    ...(identityId ? [eb('identity_id', '=', identityId)] : []),
    ...(exceptId ? [eb('id', '!=', exceptId)] : []),
  ])
}

/** Deletes sessions. Returns those that were there. */
export async function deleteRows(ctx: Context, sessions: SessionsOf): Promise<(EndedSession & { active: number })[]> {
  return ctx.db
    .deleteFrom('sessions')
    .where((eb) => isOneOf(eb, sessions))
    .returning(['id', 'identity_id as identityId', 'active'])
    .execute()
}

export interface SessionFilter {
  identityId?: string
  exceptId?: string
  /** Active means neither revoked nor expired. */
  active?: boolean
}

export interface ListedSession extends Omit<SessionWithIdentity, 'second_factors'> {}

const selectListed = preparedStatement<{ id: string }, ListedSession>((db, p) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('identities as i', 'i.id', 's.identity_id')
    .select(columns.map((column) => `s.${column}` as const))
    .select(['i.state', 'i.schema_id', 'i.document'])
    .where('s.id', '=', p.id),
)

/** A session, active or not, with the displayed columns of its identity. */
export async function findListed(ctx: Context, id: string): Promise<ListedSession | undefined> {
  const [row] = await selectListed(ctx.db, { id })
  return row
}

/** Sessions with their identities, newest first. */
export async function listSessionRows(
  ctx: Context,
  filter: SessionFilter,
  page: { size: number; after?: string; offset?: number },
): Promise<ListedSession[]> {
  let query = applyFilter(ctx, filter)
    .innerJoin('identities as i', 'i.id', 's.identity_id')
    .select(columns.map((column) => `s.${column}` as const))
    .select(['i.state', 'i.schema_id', 'i.document'])
    .orderBy('s.id', 'desc')
  if (page.after) query = query.where('s.id', '<', page.after)
  if (page.offset) query = query.offset(page.offset)
  return query.limit(page.size).execute()
}

export async function countSessions(ctx: Context, filter: SessionFilter): Promise<number> {
  const row = await applyFilter(ctx, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

function applyFilter(ctx: Context, filter: SessionFilter) {
  const now = ctx.clock.now()
  let query = ctx.db.selectFrom('sessions as s')
  if (filter.identityId) query = query.where('s.identity_id', '=', filter.identityId)
  if (filter.exceptId) query = query.where('s.id', '!=', filter.exceptId)
  if (filter.active === true) query = query.where('s.active', '=', 1).where('s.expires_at', '>', now)
  if (filter.active === false)
    query = query.where((eb) => eb.or([eb('s.active', '=', 0), eb('s.expires_at', '<=', now)]))
  return query
}
