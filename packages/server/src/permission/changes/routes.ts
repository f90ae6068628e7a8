import { ApiError, listPermissionChanges, watchPermissionChanges } from '@latchkey/api'
import { eventStream, handlers, json, type Route } from '../../kernel/http/index.ts'
import { requireNamespace } from '../namespaces.ts'
import { beginning, end, readPage } from './read.ts'
import { placeOf } from './token.ts'
import { pageView } from './view.ts'
import { requireRoomToWatch, watchChanges } from './watch.ts'

const defaultPageSize = 100
const maxPageSize = 1000

const routes = handlers(
  { listPermissionChanges, watchPermissionChanges },
  {
    listPermissionChanges: async (ctx, { query: { snaptoken, namespace, page_size = defaultPageSize } }) => {
      if (page_size < 1) throw ApiError.badRequest({ message: 'The page size must be a positive integer.' })
      if (namespace !== undefined) requireNamespace(ctx, namespace)
      const from = snaptoken === undefined ? await beginning(ctx) : placeOf(ctx, snaptoken)
      const page = await readPage(ctx, from, { size: Math.min(page_size, maxPageSize), namespace })
      return json(200, pageView(ctx, page))
    },
    watchPermissionChanges: async (ctx, { query: { snaptoken, namespace } }, call) => {
      if (namespace !== undefined) requireNamespace(ctx, namespace)
      // On reconnect a client repeats the same URL, so the header is newer than the parameter.
      const token = call.header('last-event-id') || snaptoken
      const from = token === undefined ? await end(ctx) : placeOf(ctx, token)
      // Checked before the stream starts: afterwards an error could only end it.
      await readPage(ctx, from, { size: 1 })
      requireRoomToWatch(ctx)
      return eventStream((signal) => watchChanges(ctx, from, { signal, namespace }))
    },
  },
  { csrf: 'off' },
)

/** Lists or streams the changes of a project's tuples. An addition: Keto has no such API. */
export const changeRoutes: readonly Route[] = Object.values(routes)
