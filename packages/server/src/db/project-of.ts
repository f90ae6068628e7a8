import type { DialectAdapter } from 'kysely'

const projects = new WeakMap<DialectAdapter, string>()

/** Records which project a database is scoped to. A database and its transactions share one adapter. */
export function assignProject<A extends DialectAdapter>(adapter: A, projectId: string | undefined): A {
  if (projectId !== undefined) projects.set(adapter, projectId)
  return adapter
}

/** The project that a database is scoped to; undefined if it is unscoped. */
export function projectOf(adapter: DialectAdapter): string | undefined {
  return projects.get(adapter)
}
