import { ApiError } from '@latchkey/api'
import type { Context } from '../../kernel/context.ts'
import { nextTurn } from '../turn.ts'
import { revisionNotifierOf } from './revision-notifier.ts'
import { sharedEventsOf } from './shared-events.ts'
import { type Place, placeToken } from './token.ts'

/** The maximum number of streams per project and process. */
const maxWatchers = 100
/** Retry-After of a refused watcher, in seconds. */
const retrySeconds = 30
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
  const events = sharedEventsOf(notifier)
  try {
    yield idOf(ctx, from)
    for (let [place, reported] = [from, from]; !signal.aborted; ) {
      const page = await events.read(ctx, place, namespace)
      // However many events are ready for this watcher, others have their turn in between.
      await nextTurn()
      place = page.next
      if (page.text !== undefined) {
        reported = place
        yield page.text
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
    if (notifier.followers === 0) events.clear()
  }
}

function idOf(ctx: Context, place: Place): string {
  return `id: ${placeToken(ctx, place)}\n\n`
}
