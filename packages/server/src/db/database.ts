import type { Capabilities, ProjectDatabase } from '../kernel/context.ts'

/** An open database. */
export interface Database {
  readonly capabilities: Capabilities
  /** The database scoped to one project: every statement is restricted to that project's rows. */
  project(projectId: string): { db: ProjectDatabase; asyncCommit: ProjectDatabase }
  /** The rows of all projects, for migrations, host look-up and jobs only. */
  readonly unscoped: ProjectDatabase
  /** A connection whose statements may take and wait as long as they need. */
  forMigrations(): { db: ProjectDatabase; close(): Promise<void> }
  /** @throws OccupiedDatabaseError if the database belongs to another program */
  refuseOtherPrograms(): Promise<void>
  /**
   * Resolves once the database has executed a write; used for readiness.
   * @throws UnavailableError
   */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface OpenOptions {
  /** A database owned by another program: it must exist, it is never modified, and transactions read one snapshot. */
  readOnly?: boolean
  /** The database may be that of Keto, because its relationships are about to be imported. */
  besideKeto?: boolean
}
