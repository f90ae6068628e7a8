import { type Expression, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'
import type { Tables } from '../kernel/tables.ts'

/** A condition on a row: a column equals a value or is greater than it. */
export type Looked<Row> = readonly [column: keyof Row & string, comparison: '=' | '>', to: Expression<string> | string]

/**
 * Joins a table, as `t`, to each row of a query by some conditions, and forces a nested loop join with the query on the
 * outer side. SQLite never reorders a cross join, and PostgreSQL cannot flatten a lateral subquery with an offset.
 * Otherwise PostgreSQL's generic plan for a prepared statement assumes average selectivity, and may scan the hundred
 * thousand rows of one subject to answer a question about one of them.
 */
export function lookUp<Db, Name extends keyof Db, Output, Table extends keyof Tables & string>(
  query: SelectQueryBuilder<Db, Name, Output>,
  { dialect }: Capabilities,
  {
    table,
    columns,
    where,
  }: { table: Table; columns: readonly (keyof Tables[Table] & string)[]; where: readonly Looked<Tables[Table]>[] },
): SelectQueryBuilder<Db & { t: Tables[Table] }, Name | 't', Output> {
  const conditions = where.map(condition)
  // The table is irrelevant to the types in this function.
  const open = query as unknown as SelectQueryBuilder<Tables, 'relation_tuples', Output>
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
  // The two builders have different types but produce the same join.
  return joined as unknown as SelectQueryBuilder<Db & { t: Tables[Table] }, Name | 't', Output>
}

function condition<Row>([column, comparison, to]: Looked<Row>): RawBuilder<SqlBool> {
  const own = sql.ref(`t.${column}`)
  return comparison === '=' ? sql<SqlBool>`${own} = ${to}` : sql<SqlBool>`${own} > ${to}`
}

/** A reference to a column of another table. */
export function columnText(name: string): RawBuilder<string> {
  return sql.ref<string>(name)
}
