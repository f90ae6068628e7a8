import type { ProjectDatabase } from '../kernel/context.ts'

/** Runs a compiled statement at once; undefined while the connection is taken by a transaction. */
export type Direct = (sql: string, parameters: readonly unknown[]) => unknown[] | undefined

const known = new WeakMap<ProjectDatabase, Direct>()

/** Lets prepared statements of a database skip the query builder's executor, where the driver is synchronous. */
export function setDirect(db: ProjectDatabase, direct: Direct): void {
  known.set(db, direct)
}

export function directOf(db: ProjectDatabase): Direct | undefined {
  return known.get(db)
}
