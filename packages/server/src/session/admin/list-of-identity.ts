import type { Context } from '../../kernel/context.ts'
import { type Call, jsonText, type TextReply } from '../../kernel/http/index.ts'
import { numberedLinks, numberedPage } from '../../kernel/http/numbered-pages.ts'
import { bareIdentity } from '../list-mine.ts'
import { countSessions, listSessionRows, type SessionFilter } from '../store.ts'
import { sessionJson } from './view.ts'

/** The sessions of one identity, newest first. Pages 0 and 1 are the same, as with Kratos. */
export async function listOfIdentity(ctx: Context, filter: SessionFilter, { search, path }: Call): Promise<TextReply> {
  const page = numberedPage(search, { size: 250, largest: 1000 })
  const [rows, total] = await Promise.all([
    listSessionRows(ctx, filter, { size: page.size, offset: Math.max(0, page.number - 1) * page.size }),
    countSessions(ctx, filter),
  ])
  const texts = rows.map((row) =>
    sessionJson(ctx, row, { identity: JSON.stringify(bareIdentity(JSON.parse(row.document))), devices: row.devices }),
  )
  const headers = { link: numberedLinks(path, search, page, total), 'x-total-count': String(total) }
  return jsonText(200, `[${texts.join(',')}]`, { headers })
}
