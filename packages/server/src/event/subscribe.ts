import type { Context, Subscribers } from '../kernel/context.ts'
import type { EventName, Events } from './events.ts'

/** What other rooms do on events, in the transaction in which they are recorded. */
export type EventSubscribers = {
  readonly [Name in EventName]?: readonly ((tx: Context, attributes: Events[Name]) => Promise<void>)[]
}

/** Subscribers as a context carries them, which knows no event. */
export function subscribers(byEvent: EventSubscribers): Subscribers {
  return byEvent as Subscribers
}
