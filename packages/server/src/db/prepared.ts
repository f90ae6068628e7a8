import { type Compilable, CompiledQuery } from 'kysely'
import type { Capabilities, ProjectDatabase } from '../kernel/context.ts'
import { directOf } from './direct.ts'

/** Stands for a parameter while a statement is built. */
class Placeholder {
  readonly key: string
  constructor(key: string) {
    this.key = key
  }
}

interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly query: CompiledQuery['query']
}

/**
 * A statement that is built and compiled once for each project's database, then only run.
 * `build` gets the database and an object whose properties stand for the parameters.
 * Returns a function that gives the rows.
 */
export function prepared<P extends Record<string, unknown>, Row>(
  build: (db: ProjectDatabase, parameters: P) => Compilable<Row>,
): (db: ProjectDatabase, parameters: P) => Promise<Row[]> {
  const compiled = new WeakMap<object, Statement>()
  const stand = new Proxy({} as P, { get: (_, key) => new Placeholder(String(key)) })
  return async (db, parameters) => {
    // A project's database and all its transactions have one adapter object in common.
    const { adapter } = db.getExecutor()
    let statement = compiled.get(adapter)
    if (!statement) {
      statement = build(db, stand).compile()
      compiled.set(adapter, statement)
    }
    const values = statement.parameters.map((value) => (value instanceof Placeholder ? parameters[value.key] : value))
    const rows = directOf(db)?.(statement.sql, values)
    if (rows) return rows as Row[]
    const result = await db.executeQuery<Row>({ ...CompiledQuery.raw(statement.sql, values), query: statement.query })
    return result.rows
  }
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
