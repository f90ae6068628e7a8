import type { Capabilities, ProjectDatabase } from '../kernel/context.ts'

/** An open database. */
export interface Database {
  readonly capabilities: Capabilities
  /** The database as one project sees it: every statement is held to that project's rows. */
  project(projectId: string): { db: ProjectDatabase; asyncCommit: ProjectDatabase }
  /** All projects' rows: for migrations, host look-up and jobs only. */
  readonly unscoped: ProjectDatabase
  /** Resolves when a statement can be run; for readiness. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface OpenOptions {
  /** Somebody else's database: it has to exist, nothing of it is changed, and a transaction sees it at one moment. */
  readOnly?: boolean
}
