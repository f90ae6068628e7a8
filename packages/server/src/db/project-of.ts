import type { DialectAdapter } from 'kysely'

const projects = new WeakMap<DialectAdapter, string>()

/** Notes which project a database is held to. A database and all its transactions have one adapter in common. */
export function assignProject<A extends DialectAdapter>(adapter: A, projectId: string | undefined): A {
  if (projectId !== undefined) projects.set(adapter, projectId)
  return adapter
}

/** The project that a database is held to; undefined where it sees all. */
export function projectOf(adapter: DialectAdapter): string | undefined {
  return projects.get(adapter)
}
