import { type Expression, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'

/** What a row has to be like: a column is something, or more than it. */
export type Looked<Row> = readonly [column: keyof Row & string, comparison: '=' | '>', to: Expression<string> | string]

/**
 * Joins the rows of a table, as `t`, that some conditions tell for each row of a query. The few rows of the query look
 * into the many of the table, never the other way round: SQLite keeps the order of a cross join, and PostgreSQL that of
 * a lateral one whose subquery it cannot take apart. Left to itself, it plans for averages once a statement is prepared,
 * and reads a hundred thousand rows of one subject to answer a question about one of them.
 */
export function lookUp<DB, TB extends keyof DB, O, Table extends keyof Tables & string>(
  query: SelectQueryBuilder<DB, TB, O>,
  { dialect }: Capabilities,
  {
    table,
    columns,
    where,
  }: { table: Table; columns: readonly (keyof Tables[Table] & string)[]; where: readonly Looked<Tables[Table]>[] },
): SelectQueryBuilder<DB & { t: Tables[Table] }, TB | 't', O> {
  const conditions = where.map(condition)
  // Any table will do for the types in here.
  const open = query as unknown as SelectQueryBuilder<Tables, 'relation_tuples', O>
  const aliased = `${table} as t` as 'relation_tuples as t'
  const joined =
    dialect === 'sqlite'
      ? open.crossJoin(aliased).where((eb) => eb.and(conditions))
      : open.crossJoinLateral((eb) => {
          const own = eb.selectFrom(aliased).select(columns.map((column) => `t.${column}` as 't.namespace'))
          return own
            .where((of) => of.and(conditions))
            .offset(sql.lit(0))
            .as('t')
        })
  // The builders differ by database, which their types tell; what they join is the same.
  return joined as unknown as SelectQueryBuilder<DB & { t: Tables[Table] }, TB | 't', O>
}

function condition<Row>([column, comparison, to]: Looked<Row>): RawBuilder<SqlBool> {
  const own = sql.ref(`t.${column}`)
  return comparison === '=' ? sql<SqlBool>`${own} = ${to}` : sql<SqlBool>`${own} > ${to}`
}

/** What a column of another table holds. */
export function columnText(name: string): RawBuilder<string> {
  return sql.ref<string>(name)
}
