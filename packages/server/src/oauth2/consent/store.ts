import { preparedStatement } from '../../db/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Flow } from '../flow/flow.ts'
import type { OAuth2ConsentRow } from './tables.ts'

/** @throws a unique violation if the login request led to a consent before: its verifiers are good once */
export async function insertConsent(ctx: Context, flow: Flow): Promise<void> {
  const { consent } = flow
  if (!consent) throw new Error('a consent without a consent request')
  const { rememberFor = 0 } = consent
  await insertion(ctx.db, {
    id: consent.id,
    flow_id: flowIdOf(flow),
    subject: flow.login.subject,
    client_id: flow.clientId,
    login_session_id: flow.login.sessionId,
    flow: JSON.stringify({ ...flow, client: {} }),
    remember: consent.remember ? 1 : 0,
    skip: consent.skip ? 1 : 0,
    requested_at: flow.requestedAt,
    expires_at: rememberFor > 0 ? flow.requestedAt + rememberFor * 1000 : null,
  })
}

/** A login request, or a device challenge, leads to one consent at most. */
function flowIdOf(flow: Flow): string {
  return flow.device?.id ?? flow.id
}

/** Whether a flow has led to a consent. */
export async function wasConsented(ctx: Context, flow: Flow): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('oauth2_consents')
    .select('id')
    .where('flow_id', '=', flowIdOf(flow))
    .executeTakeFirst()
  return row !== undefined
}

const insertion = preparedStatement<Pick<OAuth2ConsentRow, keyof OAuth2ConsentRow>, never>((db, p) =>
  db.insertInto('oauth2_consents').values({
    id: p.id,
    flow_id: p.flow_id,
    subject: p.subject,
    client_id: p.client_id,
    login_session_id: p.login_session_id,
    flow: p.flow,
    remember: p.remember,
    skip: p.skip,
    requested_at: p.requested_at,
    expires_at: p.expires_at,
  }),
)

const selectRemembered = preparedStatement<{ clientId: string; subject: string; now: number }, { flow: string }>(
  (db, p) =>
    db
      .selectFrom('oauth2_consents')
      .select('flow')
      .where('subject', '=', p.subject)
      .where('client_id', '=', p.clientId)
      .where('skip', '=', 0)
      .where('remember', '=', 1)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)]))
      .orderBy('requested_at', 'desc')
      .limit(1),
)

/** The scopes that a person granted to a client, to be remembered. */
export async function findRememberedScopes(
  ctx: Context,
  of: { clientId: string; subject: string },
): Promise<readonly string[] | undefined> {
  const [row] = await selectRemembered(ctx.db, { ...of, now: ctx.clock.now() })
  return row && ((JSON.parse(row.flow) as Flow).consent?.grantedScope ?? [])
}

export interface ConsentFilter {
  subject: string
  loginSessionId: string | undefined
}

/** Consents in the order of their ids, with one more than the page holds if there is a next page. */
export async function listConsents(
  ctx: Context,
  { subject, loginSessionId }: ConsentFilter,
  page: { size: number; after: string },
): Promise<Flow[]> {
  const now = ctx.clock.now()
  let query = ctx.db
    .selectFrom('oauth2_consents')
    .select('flow')
    .where('subject', '=', subject)
    .where('skip', '=', 0)
    .where('id', '>', page.after)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
  if (loginSessionId) query = query.where('login_session_id', '=', loginSessionId)
  const rows = await query
    .orderBy('id')
    .limit(page.size + 1)
    .execute()
  return rows.map(({ flow }) => JSON.parse(flow) as Flow)
}

export interface ConsentsOf {
  id?: string
  subject?: string
  clientId?: string
}

/** Deletes consents. Returns their ids. */
export async function deleteConsents(ctx: Context, { id, subject, clientId }: ConsentsOf): Promise<string[]> {
  let query = ctx.db.deleteFrom('oauth2_consents').returning('id')
  if (id !== undefined) query = query.where('id', '=', id)
  if (subject !== undefined) query = query.where('subject', '=', subject)
  if (clientId !== undefined) query = query.where('client_id', '=', clientId)
  return (await query.execute()).map((row) => row.id)
}

/** The clients that a person used in a login session. */
export async function clientsOfSession(ctx: Context, of: { subject: string; sessionId: string }): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('oauth2_consents')
    .select('client_id')
    .distinct()
    .where('login_session_id', '=', of.sessionId)
    .where('subject', '=', of.subject)
    .orderBy('client_id')
    .execute()
  return rows.map((row) => row.client_id)
}
