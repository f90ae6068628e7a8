import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** Whether a row sorts after a composite key (row value comparison). */
export function afterKey(columns: readonly string[], key: readonly (string | number)[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.join(columns.map((column) => sql.ref(column)))}) > (${sql.join(key)})`
}
