import type { IdentityDocument } from '../identity/index.ts'
import type { Context } from '../kernel/context.ts'
import { type Call, jsonText, type TextReply } from '../kernel/http/index.ts'
import { numberedLinks, numberedPage } from '../kernel/http/numbered-pages.ts'
import { sessionJson } from './admin/view.ts'
import { fromRow, type Session } from './record.ts'
import { requireSession } from './resolve.ts'
import { countSessions, listSessionRows, type SessionFilter } from './store.ts'

/** The caller's other sessions in force. Identities come without addresses and schema address, as with Kratos. */
export async function listMine(ctx: Context, call: Call): Promise<TextReply> {
  const { session } = await requireSession(ctx, call)
  const filter: SessionFilter = { identityId: session.identityId, exceptId: session.id, active: true }
  const page = numberedPage(call.search, { size: 250, largest: 1000 })
  const [rows, total] = await Promise.all([
    listSessionRows(ctx, filter, { size: page.size, offset: page.number * page.size }),
    countSessions(ctx, filter),
  ])
  const texts = rows.map((row) =>
    sessionJson(ctx, row, { identity: JSON.stringify(bareIdentity(JSON.parse(row.document))), devices: row.devices }),
  )
  const headers = { link: numberedLinks(call.path, call.search, page, total), 'x-total-count': String(total) }
  return jsonText(200, `[${texts.join(',')}]`, { headers })
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
