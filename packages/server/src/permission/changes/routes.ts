import { ApiError, listPermissionChanges, watchPermissionChanges } from '@latchkey/api'
import { bind, eventStream, json, type Route } from '../../kernel/http/index.ts'
import { requireNamespace } from '../namespaces.ts'
import { beginning, end, readPage } from './read.ts'
import { placeOf } from './token.ts'
import { pageView } from './view.ts'
import { requireRoomToWatch, watchChanges } from './watch.ts'

const usualSize = 100
const largestSize = 1000

/** What happened to the tuples of a project, to be read once or followed. Latchkey's own; Keto has nothing like it. */
export const changeRoutes: readonly Route[] = [
  bind(
    listPermissionChanges,
    async (ctx, { query: { snaptoken, namespace, page_size = usualSize } }) => {
      if (page_size < 1) throw ApiError.badRequest({ message: 'The page size must be a whole number above nought.' })
      if (namespace !== undefined) requireNamespace(ctx, namespace)
      const from = snaptoken === undefined ? await beginning(ctx) : placeOf(ctx, snaptoken)
      const page = await readPage(ctx, from, { size: Math.min(page_size, largestSize), namespace })
      return json(200, pageView(ctx, page))
    },
    'off',
  ),
  bind(
    watchPermissionChanges,
    async (ctx, { query: { snaptoken, namespace } }, call) => {
      if (namespace !== undefined) requireNamespace(ctx, namespace)
      // Whoever comes back asks for the same address again, so that the header is the newer one.
      const token = call.header('last-event-id') || snaptoken
      const from = token === undefined ? await end(ctx) : placeOf(ctx, token)
      // What is wrong with the place is told in the answer; a stream can only end.
      await readPage(ctx, from, { size: 1 })
      requireRoomToWatch(ctx)
      return eventStream((signal) => watchChanges(ctx, from, { signal, namespace }))
    },
    'off',
  ),
]
