import { type Compilable, CompiledQuery } from 'kysely'
import type { Capabilities, ProjectDatabase } from '../kernel/context.ts'
import { directOf } from './direct.ts'
import { projectOf } from './project-of.ts'

/** Stands for a parameter while a statement is built. */
class Placeholder {
  readonly key: string
  constructor(key: string) {
    this.key = key
  }
}

/** Stands for the id of the project that the database is held to. */
const ownProject = Symbol('project')

interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly query: CompiledQuery['query']
}

/**
 * A statement that is built and compiled once for each dialect, then only run, for whatever project.
 * `build` gets the database and an object whose properties stand for the parameters.
 * Returns a function that gives the rows.
 */
export function prepared<P extends Record<string, unknown>, Row>(
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

/** The same statement for any project. Ids of projects are unique, so no other parameter equals this one's. */
function withoutProject({ sql, parameters, query }: CompiledQuery, project: string | undefined): Statement {
  const open = parameters.map((value) => (project !== undefined && value === project ? ownProject : value))
  return { sql, parameters: open, query }
}

/** A statement that is written differently for each database, made once for each. */
export function perDialect<T>(make: (capabilities: Capabilities) => T): (capabilities: Capabilities) => T {
  const made = new Map<Capabilities['dialect'], T>()
  return (capabilities) => {
    const known = made.get(capabilities.dialect) ?? make(capabilities)
    made.set(capabilities.dialect, known)
    return known
  }
}
