import type { Session as ApiSession } from '@latchkey/api'
import type { IdentityDocument } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import type { NumberedPage } from '../kernel/http/numbered-pages.ts'
import { asJsonText, type JsonText } from '../kernel/json-text.ts'
import { fromRow, type Session } from './record.ts'
import { countSessions, type ListedSession, listSessionRows, type SessionFilter } from './store.ts'
import { sessionJson } from './view.ts'

/** A page of an identity's sessions, newest first, with the total count. */
export interface SessionPage {
  sessions: JsonText<ApiSession[]>
  total: number
}

/** The other active sessions of the session's identity. */
export async function listMySessions(ctx: Context, mine: Session, page: NumberedPage): Promise<SessionPage> {
  const filter: SessionFilter = { identityId: mine.identityId, exceptId: mine.id, active: true }
  return listPage(ctx, filter, { size: page.size, offset: page.number * page.size })
}

/** The sessions of an identity. Pages 0 and 1 are the same, as in Kratos. */
export async function listSessionsOf(ctx: Context, filter: SessionFilter, page: NumberedPage): Promise<SessionPage> {
  return listPage(ctx, filter, { size: page.size, offset: Math.max(0, page.number - 1) * page.size })
}

async function listPage(
  ctx: Context,
  filter: SessionFilter,
  page: { size: number; offset: number },
): Promise<SessionPage> {
  const [rows, total] = await Promise.all([listSessionRows(ctx, filter, page), countSessions(ctx, filter)])
  return { sessions: asJsonText(`[${rows.map((row) => withBareIdentity(ctx, row)).join(',')}]`), total }
}

/** All sessions of the listing belong to one identity, which is shown without addresses and schema URL (Kratos). */
function withBareIdentity(ctx: Context, row: ListedSession): string {
  const { verifiable_addresses: _v, recovery_addresses: _r, ...rest } = JSON.parse(row.document) as IdentityDocument
  return sessionJson(ctx, row, { identity: JSON.stringify({ ...rest, schema_url: '' }), devices: row.devices })
}

/** The other active sessions of the session's identity, newest first. */
export async function otherSessions(ctx: Context, session: Session, limit: number): Promise<Session[]> {
  const filter: SessionFilter = { identityId: session.identityId, exceptId: session.id, active: true }
  return (await listSessionRows(ctx, filter, { size: limit })).map(fromRow)
}
