import type { Context, Subscribers } from '../kernel/context.ts'
import type { EventName, Events } from './events.ts'

/** Event handlers of other rooms, which run in the transaction that records the event. */
export type EventSubscribers = {
  readonly [Name in EventName]?: readonly ((tx: Context, attributes: Events[Name]) => Promise<void>)[]
}

/** Subscribers in the untyped form that a context carries. */
export function subscribers(byEvent: EventSubscribers): Subscribers {
  return byEvent as Subscribers
}
