import { type Compilable, CompiledQuery } from 'kysely'
import type { Capabilities, ProjectDatabase } from '../kernel/context.ts'
import { directOf } from './direct.ts'
import { projectOf } from './project-of.ts'

/** A placeholder for a parameter while the statement is built. */
class Placeholder {
  readonly key: string
  constructor(key: string) {
    this.key = key
  }
}

/** A placeholder for the id of the project that the database is scoped to. */
const ownProject = Symbol('project')

interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly query: CompiledQuery['query']
}

/**
 * A statement that is built and compiled once per dialect and reused for every project. `build` receives the database
 * and an object of parameter placeholders. Returns a function that executes the statement and returns its rows.
 */
export function preparedStatement<P extends Record<string, unknown>, Row>(
  build: (db: ProjectDatabase, parameters: P) => Compilable<Row>,
): (db: ProjectDatabase, parameters: P) => Promise<Row[]> {
  const ofProjects = new Map<unknown, Statement>()
  const ofAll = new Map<unknown, Statement>()
  const stand = new Proxy({} as P, { get: (_, key) => new Placeholder(String(key)) })
  return async (db, parameters) => {
    const { adapter } = db.getExecutor()
    const project = projectOf(adapter)
    const compiled = project === undefined ? ofAll : ofProjects
    let statement = compiled.get(adapter.constructor)
    if (!statement) {
      statement = withoutProject(build(db, stand).compile(), project)
      compiled.set(adapter.constructor, statement)
    }
    const values = statement.parameters.map((value) => {
      if (value instanceof Placeholder) return parameters[value.key]
      return value === ownProject ? project : value
    })
    const rows = directOf(db)?.(statement.sql, values)
    if (rows) return rows as Row[]
    const result = await db.executeQuery<Row>({ ...CompiledQuery.raw(statement.sql, values), query: statement.query })
    return result.rows
  }
}

/**
 * Makes the compiled statement independent of the project. Project ids are unique, so no other parameter equals this
 * one.
 */
function withoutProject({ sql, parameters, query }: CompiledQuery, project: string | undefined): Statement {
  const open = parameters.map((value) => (project !== undefined && value === project ? ownProject : value))
  return { sql, parameters: open, query }
}

/** A statement that differs by dialect, created once for each. */
export function perDialect<T>(make: (capabilities: Capabilities) => T): (capabilities: Capabilities) => T {
  const made = new Map<Capabilities['dialect'], T>()
  return (capabilities) => {
    const known = made.get(capabilities.dialect) ?? make(capabilities)
    made.set(capabilities.dialect, known)
    return known
  }
}
