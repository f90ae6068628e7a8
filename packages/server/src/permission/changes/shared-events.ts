import { LRUCache } from 'lru-cache'
import type { Context } from '../../kernel/context.ts'
import { readPage } from './read.ts'
import type { RevisionNotifier } from './revision-notifier.ts'
import { type Place, placeToken } from './token.ts'
import { pageView } from './view.ts'

/** The maximum number of changes in one event. */
const eventSize = 100
/** The number of events that are kept for watchers that are behind others. */
const maxEvents = 20

/** A page of changes as a server-sent event; without text if it has no changes. */
export interface PageEvent {
  readonly text: string | undefined
  readonly next: Place
  readonly more: boolean
}

/** The events of a project: one that several watchers are at is read and serialized once. */
export class SharedEvents {
  readonly #events = new LRUCache<string, Promise<PageEvent>>({ max: maxEvents })

  /** @throws ApiError 410 if the record does not reach back that far. */
  read(ctx: Context, place: Place, namespace: string | undefined): Promise<PageEvent> {
    const { revision, part, index } = place
    const key = JSON.stringify([revision, part, index, namespace])
    const known = this.#events.get(key)
    if (known) return known
    const event = readEvent(ctx, place, namespace)
    this.#events.set(key, event)
    const forget = () => {
      if (this.#events.get(key) === event) this.#events.delete(key)
    }
    // Where there are no changes yet, there may be some later.
    event.then(({ text }) => text === undefined && forget(), forget)
    return event
  }

  clear(): void {
    this.#events.clear()
  }
}

async function readEvent(ctx: Context, place: Place, namespace: string | undefined): Promise<PageEvent> {
  const page = await readPage(ctx, place, { size: eventSize, namespace })
  const { next, more } = page
  if (page.changes.length === 0) return { text: undefined, next, more }
  return { text: `id: ${placeToken(ctx, next)}\ndata: ${JSON.stringify(pageView(ctx, page))}\n\n`, next, more }
}

const ofNotifier = new WeakMap<RevisionNotifier, SharedEvents>()

export function sharedEventsOf(notifier: RevisionNotifier): SharedEvents {
  const found = ofNotifier.get(notifier) ?? new SharedEvents()
  ofNotifier.set(notifier, found)
  return found
}
