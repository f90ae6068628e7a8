import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** Whether a row comes after a key of several columns, in their order. */
export function afterKey(columns: readonly string[], key: readonly (string | number)[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.join(columns.map((column) => sql.ref(column)))}) > (${sql.join(key)})`
}
