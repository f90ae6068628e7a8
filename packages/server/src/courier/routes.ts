import { ApiError, courierMessageStatuses, rooms } from '@latchkey/api'
import { handlers, json, type Route } from '../kernel/http/index.ts'
import { isUuid } from '../kernel/uuid.ts'
import { getCourierMessage, listCourierMessages } from './messages.ts'
import { pageLinks, parsePageToken } from './pages.ts'
import type { MessageFilter } from './store.ts'

const defaultPageSize = 10
const maxPageSize = 500

const routes = handlers(rooms.courier, {
  listCourierMessages: async (ctx, { query }, { search, path }) => {
    const size = query.page_size && query.page_size > 0 ? Math.min(query.page_size, maxPageSize) : defaultPageSize
    const after = query.page_token ? parsePageToken(ctx, query.page_token) : undefined
    if (query.page_token && !after) throw ApiError.badRequest({ reason: 'The page token is invalid.' })
    const { messages, next } = await listCourierMessages(ctx, parseFilter(search), { size, after })
    return json(200, messages, { headers: { link: pageLinks(ctx, path, search, { size, next }) } })
  },
  getCourierMessage: async (ctx, { params: { id } }) => {
    if (!isUuid(id)) throw ApiError.badRequest({ message: 'The message id must be a UUID.' })
    return json(200, await getCourierMessage(ctx, id.toLowerCase()))
  },
})

/** Lists sent messages, for administrators. */
export const courierRoutes: readonly Route[] = Object.values(routes)

/** An empty `status` is invalid; an empty `recipient` means no filter. */
function parseFilter(search: URLSearchParams): MessageFilter {
  const asked = search.get('status')
  const status = courierMessageStatuses.find((one) => one === asked)
  if (asked !== null && !status)
    throw ApiError.badRequest({ reason: `The status must be one of ${courierMessageStatuses.join(', ')}.` })
  const recipient = search.get('recipient') || undefined
  // PostgreSQL cannot store NUL in text, so no recipient can contain it.
  if (recipient?.includes('\0'))
    throw ApiError.badRequest({ reason: 'The recipient must not contain the character NUL.' })
  return { status, recipient }
}
