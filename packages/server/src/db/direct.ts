import type { ProjectDatabase } from '../kernel/context.ts'

/** Executes a compiled statement synchronously; undefined while a transaction holds the connection. */
export type Direct = (sql: string, parameters: readonly unknown[]) => unknown[] | undefined

const known = new WeakMap<ProjectDatabase, Direct>()

/** Lets prepared statements bypass the query builder's executor where the driver is synchronous. */
export function setDirect(db: ProjectDatabase, direct: Direct): void {
  known.set(db, direct)
}

export function directOf(db: ProjectDatabase): Direct | undefined {
  return known.get(db)
}
