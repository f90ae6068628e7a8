import type { IdentityDocument } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { type Call, json, type Reply } from '../kernel/http/index.ts'
import { numberedLinks, numberedPage } from '../kernel/http/numbered-pages.ts'
import { fromRow, type Session, sessionView } from './record.ts'
import { requireSession } from './resolve.ts'
import { countSessions, listSessionRows, type SessionFilter } from './store.ts'

/** The caller's other sessions in force. Identities come without addresses and schema address, as with Kratos. */
export async function listMine(ctx: Context, call: Call): Promise<Reply> {
  const { session } = await requireSession(ctx, call)
  const filter: SessionFilter = { identityId: session.identityId, exceptId: session.id, active: true }
  const page = numberedPage(call.search, { size: 250, largest: 1000 })
  const [rows, total] = await Promise.all([
    listSessionRows(ctx, filter, { size: page.size, offset: page.number * page.size }),
    countSessions(ctx, filter),
  ])
  const now = ctx.clock.now()
  const sessions = rows.map((row) => ({
    ...sessionView(fromRow(row), now),
    identity: bareIdentity(JSON.parse(row.document)),
  }))
  return json(200, sessions, {
    headers: { link: numberedLinks(call.path, call.search, page, total), 'x-total-count': String(total) },
  })
}

/** The other sessions in force of a session's owner, newest first. */
export async function otherSessions(ctx: Context, session: Session, limit: number): Promise<Session[]> {
  const filter: SessionFilter = { identityId: session.identityId, exceptId: session.id, active: true }
  return (await listSessionRows(ctx, filter, { size: limit })).map(fromRow)
}

/** The identity of a session in a listing of one identity's sessions, where all are the same. */
export function bareIdentity(document: IdentityDocument) {
  const { verifiable_addresses: _v, recovery_addresses: _r, ...rest } = document
  return { ...rest, schema_url: '' }
}
