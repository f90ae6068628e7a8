import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { newsOf } from './news.ts'
import { readPage } from './read.ts'
import { type Place, placeToken } from './token.ts'
import { pageView } from './view.ts'

/** Streams of one project in one process. */
const mostWatchers = 100
/** Retry-After of a refused watcher, in seconds. */
const retrySeconds = 30
/** The maximum number of changes in one event. */
const eventSize = 100
/** The interval of keep-alive comments, so that no proxy takes the stream for dead. */
const heartbeatMs = 15_000

/** @throws ApiError 429 where a project has the maximum number of streams. */
export function requireRoomToWatch(ctx: Context): void {
  if (newsOf(ctx).followers < mostWatchers) return
  const reason = `At most ${mostWatchers} watchers are served at once.`
  throw ApiError.tooManyRequests(retrySeconds, { reason })
}

/**
 * The changes from a place on as server-sent events, one for each page; ends with the signal. The id of an event is the
 * place after it. It is sent alone at the beginning, and after changes of which none matched.
 */
export async function* watchChanges(
  ctx: Context,
  from: Place,
  { signal, namespace, beatMs = heartbeatMs }: { signal: AbortSignal; namespace?: string | undefined; beatMs?: number },
): AsyncGenerator<string, void, undefined> {
  const news = newsOf(ctx)
  const leave = news.follow(ctx)
  try {
    yield idOf(ctx, from)
    for (let [place, told] = [from, from]; !signal.aborted; ) {
      const page = await readPage(ctx, place, { size: eventSize, namespace })
      place = page.next
      if (page.changes.length > 0) {
        told = place
        yield `id: ${placeToken(ctx, place)}\ndata: ${JSON.stringify(pageView(ctx, page))}\n\n`
      } else if (!page.more && !(await news.reached(place.revision, { forMs: beatMs, signal })) && !signal.aborted) {
        yield told === place ? ':\n\n' : idOf(ctx, place)
        told = place
      }
    }
  } finally {
    leave()
  }
}

function idOf(ctx: Context, place: Place): string {
  return `id: ${placeToken(ctx, place)}\n\n`
}
