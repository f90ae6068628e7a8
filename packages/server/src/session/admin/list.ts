import { ApiError, type Input, type listSessions } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { type Call, jsonText, type TextReply } from '../../kernel/http/index.ts'
import { keysetLinks, keysetPage, type Listing } from '../../kernel/http/keyset-pages.ts'
import { listSessionRows } from '../store.ts'
import { expansionOf, sessionJson, withoutAddresses } from './view.ts'

const listing: Listing = {
  name: 'sessions',
  size: 250,
  largest: 1000,
  refuse: (reason) => ApiError.badRequest({ reason }),
}

/** All sessions of the project, newest first, page by page. */
export async function listAll(
  ctx: Context,
  query: Input<typeof listSessions>['query'],
  call: Call,
): Promise<TextReply> {
  const { search, path } = call
  const expand = expansionOf(call, query.expand)
  const { size, after } = keysetPage(ctx, search, listing)
  // One more than asked for tells whether there is a next page.
  const found = await listSessionRows(ctx, { active: query.active }, { size: size + 1, after })
  const rows = found.slice(0, size)
  const texts = rows.map((row) =>
    sessionJson(ctx, row, {
      identity: expand.identity ? withoutAddresses(ctx, row.document, row.schema_id) : 'null',
      devices: expand.devices ? row.devices : 'null',
    }),
  )
  const next = found.length > size ? rows.at(-1)?.id : undefined
  return jsonText(200, `[${texts.join(',')}]`, {
    headers: { link: keysetLinks(ctx, listing, { path, search, size, next }) },
  })
}
