import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { ProjectConfig } from './config/index.ts'
import type { Fetch } from './fetch.ts'
import type { Keys } from './keys.ts'
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
  readonly embedded: boolean
}

/** Everything that a request may reach besides its own input; the explicit first parameter of the domain. */
export interface Context {
  readonly project: Project
  readonly config: ProjectConfig
  readonly db: ProjectDatabase
  /** Like `db`, but a write may be lost when the machine (not the process) dies: for what can be begun anew. */
  readonly relaxed: ProjectDatabase
  readonly capabilities: Capabilities
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly fetch: Fetch
  readonly keys: Keys
  /** Runs all or nothing; inside a transaction it joins that one. */
  transaction<T>(run: (ctx: Context) => Promise<T>): Promise<T>
  /** Runs reads that all see the database at one moment, whatever is written meanwhile. */
  snapshot<T>(run: (ctx: Context) => Promise<T>): Promise<T>
  /** Runs after the surrounding transaction has been committed, or at once where there is none. */
  afterCommit(run: () => void): void
}
