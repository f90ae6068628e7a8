import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Subscribers } from './context.ts'
import type { Fetch } from './fetch.ts'
import type { Keys } from './keys.ts'
import type { Notifier } from './notify.ts'
import type { Random } from './random.ts'

/** The dependencies shared by all projects of a server. */
export interface Installation {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly fetch: Fetch
  readonly keys: Keys
  /** Authenticates tokens of permissions; the same in all processes of the database. */
  readonly tokenKeys: Keys
  readonly notifier: Notifier
  readonly subscribers: Subscribers
}
