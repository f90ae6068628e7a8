import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { readPage } from './read.ts'
import { revisionNotifierOf } from './revision-notifier.ts'
import { type Place, placeToken } from './token.ts'
import { pageView } from './view.ts'

/** The maximum number of streams per project and process. */
const maxWatchers = 100
/** Retry-After of a refused watcher, in seconds. */
const retrySeconds = 30
/** The maximum number of changes in one event. */
const eventSize = 100
/** The interval of keep-alive comments, so that proxies do not close an idle stream. */
const heartbeatMs = 15_000

/** @throws ApiError 429 if a project has the maximum number of streams. */
export function requireRoomToWatch(ctx: Context): void {
  if (revisionNotifierOf(ctx).followers < maxWatchers) return
  const reason = `At most ${maxWatchers} watchers are served at once.`
  throw ApiError.tooManyRequests(retrySeconds, { reason })
}

/**
 * Streams the changes from a position on as server-sent events, one per page, until the signal aborts. The id of an
 * event is the position after it. An id without data is sent at the start, and after changes that do not match.
 */
export async function* watchChanges(
  ctx: Context,
  from: Place,
  { signal, namespace, beatMs = heartbeatMs }: { signal: AbortSignal; namespace?: string | undefined; beatMs?: number },
): AsyncGenerator<string, void, undefined> {
  const notifier = revisionNotifierOf(ctx)
  const unfollow = notifier.follow(ctx)
  try {
    yield idOf(ctx, from)
    for (let [place, reported] = [from, from]; !signal.aborted; ) {
      const page = await readPage(ctx, place, { size: eventSize, namespace })
      place = page.next
      if (page.changes.length > 0) {
        reported = place
        yield `id: ${placeToken(ctx, place)}\ndata: ${JSON.stringify(pageView(ctx, page))}\n\n`
      } else if (
        !page.more &&
        !(await notifier.waitFor(place.revision, { forMs: beatMs, signal })) &&
        !signal.aborted
      ) {
        yield reported === place ? ':\n\n' : idOf(ctx, place)
        reported = place
      }
    }
  } finally {
    unfollow()
  }
}

function idOf(ctx: Context, place: Place): string {
  return `id: ${placeToken(ctx, place)}\n\n`
}
