import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { ProjectConfig } from './config/index.ts'
import type { Fetch } from './fetch.ts'
import type { Keys } from './keys.ts'
import type { Notifier } from './notify.ts'
import type { Random } from './random.ts'
import type { Tables } from './tables.ts'

/** The database as one project sees it. */
export type ProjectDatabase = Kysely<Tables>

export interface Project {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** What the two databases do differently, by name. */
export interface Capabilities {
  readonly dialect: 'sqlite' | 'postgres'
  /** `SELECT … FOR UPDATE` and `SKIP LOCKED` exist; without them a write transaction excludes all others. */
  readonly rowLocks: boolean
  /** Statements run in this process, so that two small ones cost no more than a large one. */
  readonly inProcess: boolean
}

/** Who acts: what events and the audit log name. */
export interface Actor {
  readonly type:
    | 'anonymous'
    | 'session'
    | 'project_token'
    | 'workspace_key'
    | 'oauth2_client'
    /** Whoever reaches an administrators' listener that asks for no token. */
    | 'administrator'
    /** The server itself: jobs and the start. */
    | 'system'
  /** The id of the token, key, client, or of the identity whose session it is. */
  readonly id?: string
}

/** Work of other rooms that belongs to a change, by the name of the event that tells of it. */
export interface Subscribers {
  readonly [event: string]: readonly ((tx: Context, attributes: object) => Promise<void>)[] | undefined
}

/** Everything that a request may reach besides its own input; the explicit first parameter of the domain. */
export interface Context {
  readonly actor: Actor
  readonly project: Project
  readonly config: ProjectConfig
  readonly db: ProjectDatabase
  /** Like `db`, but a write may be lost when the machine (not the process) dies: for what can be begun anew. */
  readonly asyncCommit: ProjectDatabase
  readonly capabilities: Capabilities
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly fetch: Fetch
  readonly keys: Keys
  /** Tells other processes, and others in this one, what has changed. */
  readonly notifier: Notifier
  readonly subscribers?: Subscribers
  /** Runs all or nothing; inside a transaction it joins that one. */
  transaction<T>(run: (ctx: Context) => Promise<T>): Promise<T>
  /** Runs reads that all see the database at one moment, whatever is written meanwhile. */
  snapshot<T>(run: (ctx: Context) => Promise<T>): Promise<T>
  /** Runs after the surrounding transaction has been committed, or at once where there is none. */
  afterCommit(run: () => void): void
  /** Runs as the last part of the surrounding transaction, or at once where there is none. */
  beforeCommit(run: () => Promise<void>): Promise<void>
}
