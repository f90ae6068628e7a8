import { ApiError, getCourierMessage, listCourierMessages } from '@latchkey/api'
import { bind, json, type Route } from '../kernel/http/index.ts'
import { isUuid } from '../kernel/uuid.ts'
import { pageLinks, readPageToken } from './pages.ts'
import { findMessage, listDispatches, listMessages, type MessageFilter } from './store.ts'
import { dispatchView, messageView } from './view.ts'

const DEFAULT_PAGE_SIZE = 10
const MAX_PAGE_SIZE = 500
const statuses = ['queued', 'sent', 'processing', 'abandoned'] as const

/** What was sent to whom, for administrators. */
export const courierRoutes: readonly Route[] = [
  bind(listCourierMessages, async (ctx, { query }, { search, path }) => {
    const size = query.page_size && query.page_size > 0 ? Math.min(query.page_size, MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE
    const after = query.page_token ? readPageToken(ctx, query.page_token) : undefined
    if (query.page_token && !after) throw ApiError.badRequest({ reason: 'The page token was not made by this server.' })
    // One more than asked for tells whether there is a next page.
    const found = await listMessages(ctx, filterOf(search), { size: size + 1, after })
    const rows = found.slice(0, size)
    const last = rows.at(-1)
    const next = found.length > size && last ? { createdAt: last.created_at, id: last.id } : undefined
    const link = pageLinks(ctx, path, search, { size, next })
    return json(
      200,
      rows.map((row) => messageView(ctx, row)),
      { headers: { link } },
    )
  }),
  bind(getCourierMessage, async (ctx, { params: { id } }) => {
    if (!isUuid(id)) throw ApiError.badRequest({ message: 'The message id must be a UUID.' })
    const row = await findMessage(ctx, id.toLowerCase())
    if (!row) throw ApiError.notFound()
    const dispatches = (await listDispatches(ctx, row.id)).map(dispatchView)
    return json(200, { ...messageView(ctx, row), ...(dispatches.length > 0 ? { dispatches } : {}) })
  }),
]

/** An empty `status` is no status; an empty `recipient` is no filter. */
function filterOf(search: URLSearchParams): MessageFilter {
  const asked = search.get('status')
  const status = statuses.find((one) => one === asked)
  if (asked !== null && !status)
    throw ApiError.badRequest({ reason: `The status must be one of ${statuses.join(', ')}.` })
  const recipient = search.get('recipient') || undefined
  // PostgreSQL stores no NUL in a text, so that nobody can have such an address.
  if (recipient?.includes('\0')) throw ApiError.badRequest({ reason: 'The recipient must not hold the character NUL.' })
  return { status, recipient }
}
