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

/** The differences between the two databases. */
export interface Capabilities {
  readonly dialect: 'sqlite' | 'postgres'
  /** `SELECT … FOR UPDATE` and `SKIP LOCKED` exist; without them a write transaction excludes all others. */
  readonly rowLocks: boolean
  /** Statements run in this process: without network round trips, two small ones cost no more than a large one. */
  readonly inProcess: boolean
}

/** The actor, as recorded in events and the audit log. */
export interface Actor {
  readonly type:
    | 'anonymous'
    | 'session'
    | 'project_token'
    | 'workspace_key'
    | 'oauth2_client'
    /** A caller of an admin listener that requires no token. */
    | 'administrator'
    /** The server itself: jobs and the start. */
    | 'system'
  /** The id of the token, key or client, or of the identity of the session. */
  readonly id?: string
}

/** Event handlers of other rooms by event name; they run in the transaction of the write. */
export interface Subscribers {
  readonly [event: string]: readonly ((tx: Context, attributes: object) => Promise<void>)[] | undefined
}

/** The dependencies of a request; the explicit first parameter of all domain functions. */
export interface Context {
  readonly actor: Actor
  readonly project: Project
  readonly config: ProjectConfig
  readonly db: ProjectDatabase
  /**
   * Like `db`, but with asynchronous commits: a crash of the machine (not the process) may lose writes. For data that
   * can be recreated.
   */
  readonly asyncCommit: ProjectDatabase
  readonly capabilities: Capabilities
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly fetch: Fetch
  readonly keys: Keys
  /** Authenticates tokens of permissions; the same in all processes of the database. */
  readonly tokenKeys: Keys
  /** Publishes changes within this process and to other processes. */
  readonly notifier: Notifier
  readonly subscribers: Subscribers
  /** Runs in a transaction; nested calls join the outer one. */
  transaction<T>(run: (ctx: Context) => Promise<T>): Promise<T>
  /** Runs reads in one consistent snapshot of the database. */
  snapshot<T>(run: (ctx: Context) => Promise<T>): Promise<T>
  /** Runs after the commit of the current transaction, or immediately outside a transaction. */
  afterCommit(run: () => void): void
  /** Runs at the end of the current transaction, before the commit, or immediately outside a transaction. */
  beforeCommit(run: () => Promise<void>): Promise<void>
}
