import type { Expression, ExpressionBuilder, SqlBool, StringReference } from 'kysely'
import type { Capabilities } from '../kernel/context.ts'

/**
 * Whether a column starts with a text, case-sensitively. SQLite sorts by code point, so a range comparison can use its
 * index; PostgreSQL sorts by collation, so LIKE is used instead.
 */
export function startsWith<DB, TB extends keyof DB>(
  { dialect }: Capabilities,
  eb: ExpressionBuilder<DB, TB>,
  column: StringReference<DB, TB>,
  start: string,
): Expression<SqlBool> {
  if (dialect === 'postgres') return eb(column, 'like', `${start.replaceAll(/[\\%_]/g, '\\$&')}%` as never)
  return eb.and([eb(column, '>=', start as never), eb(column, '<', `${start}\u{10FFFF}` as never)])
}
